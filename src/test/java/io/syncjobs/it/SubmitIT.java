package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.ClusterTest;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ERP submits jobs as the README says, with what stands there: the account, the way to its token, and the request. */
@ClusterTest
class SubmitIT {
    private static final Pattern PREPARATION = Pattern.compile(
            "(?m)^(kubectl -n erp create (?:serviceaccount|role|rolebinding)|export (?:TOKEN|API)=|kubectl config view).*$");
    private static final Pattern ADDRESS = Pattern.compile("\"\\$API(/apis/\\S+)\"");
    private static final Pattern BODY = Pattern.compile("-d '(\\{.*?})'", Pattern.DOTALL);
    private static final String NAME = "export-order-1050";

    /** The quota controller looks for new kinds every 30 s, and begins anew where another definition comes meanwhile. */
    private static final Duration QUOTA_LEARNS = Duration.ofMinutes(6);

    @TempDir
    private Path folder;

    @Test
    void theAccountCreatesAJobOnceAndMayDoNothingElse(TestNamespace here) throws Exception {
        var erp = new Erp(here, folder);

        assertThat(erp.submit(NAME).statusCode()).isEqualTo(201);
        var again = erp.submit(NAME);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(Json.read(again.body()).path("reason").asText()).isEqualTo("AlreadyExists");
        assertThat(here.job(NAME).read().at("/spec/payload/number").asInt()).isEqualTo(1050);

        assertThat(erp.send("GET", "/" + NAME, "").statusCode()).isEqualTo(200);
        assertThat(erp.send("GET", "", "").statusCode()).as("list").isEqualTo(403);
        assertThat(erp.send("DELETE", "/" + NAME, "").statusCode()).isEqualTo(403);
        assertThat(erp.send("PATCH", "/" + NAME, "{\"spec\":{\"priority\":0}}").statusCode())
                .isEqualTo(403);
        assertThat(erp.send("PATCH", "/" + NAME + "/status", "{\"status\":{\"state\":\"Done\"}}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aJobThatIsWrittenWrongIsRefusedByTheNameOfTheField(TestNamespace here) throws Exception {
        var erp = new Erp(here, folder);

        var refused = erp.send("POST", "", erp.body(NAME).replace("\"action\"", "\"acton\""));

        assertThat(refused.statusCode()).isBetween(400, 422);
        assertThat(refused.body()).contains("spec.ac");
    }

    @Test
    void beyondTheQuotaACreateIsRefusedUntilThereIsRoom(TestNamespace here) throws Exception {
        var erp = new Erp(here, folder);
        here.kubectl("create", "quota", "jobs", "--hard=count/syncjobs.syncjobs.io=1");
        Waiting.until(
                "the quota counts jobs",
                QUOTA_LEARNS,
                () -> here.kubectl("get", "quota", "jobs", "--output=jsonpath={.status.used}")
                        .contains("count/syncjobs.syncjobs.io"),
                () -> here.kubectl("describe", "quota", "jobs"));
        assertThat(erp.submit(NAME).statusCode()).isEqualTo(201);

        var another = erp.submit("export-order-1051");
        assertThat(another.statusCode()).isEqualTo(403);
        assertThat(another.body()).contains("exceeded quota");
        var again = erp.submit(NAME);
        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).contains("exceeded quota");

        here.kubectl("delete", "syncjob", NAME);
        Waiting.until(
                "there is room again",
                () -> erp.submit("export-order-1051").statusCode() == 201,
                () -> here.kubectl("describe", "quota", "jobs"));
    }

    /** A program of the ERP's: it knows the README and what kubectl gave whoever followed it. */
    private static final class Erp {
        private final TestNamespace namespace;
        private final String readme = Files.readString(Path.of("README.md"));
        private final URI api;
        private final String token;
        private final HttpClient http;

        Erp(TestNamespace namespace, Path folder) throws IOException, GeneralSecurityException {
            this.namespace = namespace;
            var prepare = new StringBuilder("cd " + folder + "\n");
            PREPARATION
                    .matcher(readme)
                    .results()
                    .forEach(line -> prepare.append(line.group()
                                    .replace("-n erp ", "-n " + namespace.name() + " ")
                                    .replace("=erp:", "=" + namespace.name() + ":"))
                            .append('\n'));
            prepare.append("echo \"$API\"; echo \"$TOKEN\"\n");
            var told = namespace
                    .cluster()
                    .run("sh", "", "-ec", prepare.toString())
                    .orThrow()
                    .out()
                    .lines()
                    .toList();
            api = URI.create(told.get(told.size() - 2) + found(ADDRESS));
            token = told.getLast();
            Accounts.inForce(namespace, Accounts.erp(namespace), "create", "syncjobs.syncjobs.io");
            http = HttpClient.newBuilder()
                    .sslContext(trusting(folder.resolve("ca.crt")))
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        }

        String body(String job) {
            return found(BODY).replace(NAME, job);
        }

        HttpResponse<String> submit(String job) {
            return send("POST", "", body(job));
        }

        HttpResponse<String> send(String method, String below, String body) {
            var request = HttpRequest.newBuilder(URI.create(api.toString().replace("?", below + "?")))
                    .header("Authorization", "Bearer " + token)
                    .header(
                            "Content-Type",
                            method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            try {
                return http.send(request, BodyHandlers.ofString());
            } catch (IOException e) {
                throw new AssertionError(request.toString(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** What stands in the README, for this namespace. */
        private String found(Pattern pattern) {
            var matcher = pattern.matcher(readme);
            assertThat(matcher.find()).as("the README has %s", pattern).isTrue();
            return matcher.group(1).replace("/namespaces/erp/", "/namespaces/" + namespace.name() + "/");
        }

        private static SSLContext trusting(Path certificate) throws IOException, GeneralSecurityException {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            try (var file = Files.newInputStream(certificate)) {
                trusted.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        }
    }
}
