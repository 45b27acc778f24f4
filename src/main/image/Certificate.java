import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key and its certificate for a server on this machine. */
final class Certificate {
    /** The certificate's file in the folder, for clients that are to trust it. */
    static final String FILE = "ca.crt";

    private Certificate() {}

    static SSLContext in(Path folder) throws Exception {
        var store = folder.resolve("key.p12");
        Files.deleteIfExists(store);
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var common = List.of("-keystore", store.toString(), "-storepass", "training", "-alias", "key");
        run(keytool, common, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=training", "-ext", "san=ip:127.0.0.1");
        run(
                keytool,
                common,
                "-exportcert",
                "-rfc",
                "-file",
                folder.resolve(FILE).toString());
        var keys = KeyStore.getInstance(store.toFile(), "training".toCharArray());
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "training".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void run(String program, List<String> common, String... more) throws Exception {
        var command = new ArrayList<>(List.of(program));
        command.addAll(Arrays.asList(more));
        command.addAll(common);
        var exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) throw new IOException(command + " ended with " + exit);
    }
}
