package io.syncjobs.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.syncjobs.cluster.Json;
import io.syncjobs.cluster.RestrictedPod;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.kube.Api;
import io.syncjobs.kube.ApiException;
import io.syncjobs.kube.Client;
import io.syncjobs.kube.Jobs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Somebody with a real token: a pod of a pool, or an account without one. */
record WorkerAccount(String pod, KubernetesClient client) implements AutoCloseable {

    /** A pod that runs under this account, and the token that is bound to it. */
    static WorkerAccount ofPod(TestNamespace here, String account, String pod) {
        here.cluster()
                .client()
                .resource(RestrictedPod.of(here, pod, "handler", "sleep=900000")
                        .editSpec()
                        .withServiceAccountName(account)
                        .endSpec()
                        .build())
                .create();
        var uid = here.kubectl("get", "pod", pod, "-o", "jsonpath={.metadata.uid}");
        return of(
                here,
                pod,
                account,
                "--bound-object-kind=Pod",
                "--bound-object-name=" + pod,
                "--bound-object-uid=" + uid);
    }

    /** The same account, with a token that is bound to nothing. */
    static WorkerAccount withoutPod(TestNamespace here, String account) {
        return of(here, "", account);
    }

    private static WorkerAccount of(TestNamespace here, String pod, String account, String... bound) {
        var command = new ArrayList<>(List.of("create", "token", account));
        command.addAll(Arrays.asList(bound));
        var token = here.kubectl(command.toArray(String[]::new)).strip();
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(here.cluster().client().getMasterUrl().toString())
                .withCaCertData(here.cluster().client().getConfiguration().getCaCertData())
                .withCaCertFile(here.cluster().client().getConfiguration().getCaCertFile())
                .withOauthToken(token)
                .build();
        return new WorkerAccount(pod, Client.connect(config));
    }

    /** Somebody whose rights the API server gives to an administrator for a request. */
    static WorkerAccount as(TestNamespace here, String user, String... groups) {
        var config = new ConfigBuilder(here.cluster().client().getConfiguration())
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build();
        return new WorkerAccount("", Client.connect(config));
    }

    Jobs jobs() {
        return new Jobs(api());
    }

    Api api() {
        return Api.of(client);
    }

    /** One request, a deletion only as a dry run; what the API server says against it, empty where nothing. */
    String refusal(String verb, String path, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        try {
            switch (verb) {
                case "get" -> api().get(path);
                case "create" -> api().create(path, bytes);
                case "patch" -> api().patch(path, bytes);
                case "delete" -> {
                    // With a body the query is not looked at.
                    api().delete(
                                    path,
                                    Json.text(Map.of("dryRun", List.of("All"))).getBytes(StandardCharsets.UTF_8));
                }
                default -> throw new IllegalArgumentException(verb);
            }
            return "";
        } catch (ApiException e) {
            return e.code() + " " + e.getMessage();
        }
    }

    JsonNode read(String path) {
        return Json.read(new String(api().get(path), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close();
    }
}
