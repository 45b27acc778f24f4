import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * The image's bill of materials in CycloneDX: its jars, the runtime of the JDK, and the packages of the build machine whose files
 * are in the image. Maven's plugin for it needs the network at each build, and knows only the jars.
 *
 * <p>Arguments: name, version and time of the product; the jars of its class path; the image's root; the file to write.
 */
void main(String[] args) throws Exception {
    var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    var bom = json.createObjectNode();
    bom.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
    var metadata = bom.putObject("metadata").put("timestamp", args[2]);
    var product = metadata.putObject("component").put("type", "container").put("bom-ref", args[0]);
    product.put("name", args[0]).put("version", args[1]);
    license(product, "id", "Apache-2.0");
    var components = bom.putArray("components");
    // In the order of the class path, which the image has too. Folders on the class path hold the product's own classes.
    for (var jar : args[3].split(File.pathSeparator)) if (jar.endsWith(".jar")) jar(components, Path.of(jar));
    runtime(components, properties(Path.of(args[4], "opt/java/release")));
    packages(components, Path.of(args[4]));
    Files.writeString(Path.of(args[5]), json.writeValueAsString(bom) + "\n");
}

/** A jar in Maven's local repository. The folders above it are its version, its name and its group. */
void jar(ArrayNode components, Path jar) throws Exception {
    var pom = Path.of(jar.toString().replaceFirst("(-[a-z]+)?\\.jar$", ".pom"));
    if (!Files.exists(pom)) pom = Path.of(jar.toString().replaceFirst("\\.jar$", ".pom"));
    var version = jar.getParent().getFileName().toString();
    var name = jar.getParent().getParent().getFileName().toString();
    var group = group(pom);
    var purl = "pkg:maven/" + group + "/" + name + "@" + version + "?type=jar";
    var component = components.addObject().put("type", "library").put("bom-ref", purl);
    component.put("group", group).put("name", name).put("version", version);
    hash(component, jar);
    for (var license : licenses(pom)) license(component, "name", license);
    component.put("purl", purl);
    component.withArray("properties").addObject().put("name", "syncjobs:file").put("value", "/app/libs/" + jar.getFileName());
}

String group(Path pom) throws Exception {
    var project = xml(pom);
    return child(project, "groupId").or(() -> child(project, "parent").flatMap(parent -> child(parent, "groupId")))
            .orElseThrow(() -> new IOException(pom + " has no groupId"))
            .getTextContent().strip();
}

/** A value of the pom, or else of its nearest parent that has one. */
List<String> licenses(Path pom) throws Exception {
    var project = xml(pom);
    var names = new ArrayList<String>();
    var licenses = child(project, "licenses");
    if (licenses.isPresent()) {
        var found = licenses.get().getElementsByTagName("name");
        for (var i = 0; i < found.getLength(); i++) names.add(found.item(i).getTextContent().strip());
        return names;
    }
    var parent = child(project, "parent");
    if (parent.isEmpty()) throw new IOException(pom + " and its parents name no licence");
    var parts = new ArrayList<String>();
    for (var part : List.of("groupId", "artifactId", "version")) parts.add(child(parent.get(), part).orElseThrow().getTextContent().strip());
    return licenses(repository(pom).resolve(
            parts.get(0).replace('.', '/') + "/" + parts.get(1) + "/" + parts.get(2) + "/" + parts.get(1) + "-" + parts.get(2) + ".pom"));
}

Path repository(Path pom) throws Exception {
    // Below the repository come the parts of the group's name, the artifact, its version and the file.
    var depth = group(pom).split("\\.").length + 3;
    var folder = pom;
    for (var i = 0; i < depth; i++) folder = folder.getParent();
    return folder;
}

Element xml(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
}

Optional<Element> child(Element parent, String name) {
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node instanceof Element element && element.getTagName().equals(name)) return Optional.of(element);
    }
    return Optional.empty();
}

/** The part of the JDK that jlink put into the image. */
void runtime(ArrayNode components, Properties release) {
    var vm = Runtime.version().toString();
    var vendor = System.getProperty("java.vendor");
    var runtime = components.addObject();
    runtime.put("type", "platform").put("bom-ref", "java-runtime").put("publisher", vendor);
    runtime.put("name", "Java runtime").put("version", vm);
    runtime.put("description", "Linked with jlink from the JDK that built the image.");
    license(runtime, "id", "GPL-2.0-with-classpath-exception");
    runtime.withArray("properties")
            .addObject()
            .put("name", "syncjobs:modules")
            .put("value", release.getProperty("MODULES", "").replace("\"", ""));
}

/** Files copied from the build machine, each under its package. */
void packages(ArrayNode components, Path root) throws Exception {
    var ofPackage = new TreeMap<String, List<Path>>();
    for (var folder : List.of("lib64", "lib/x86_64-linux-gnu")) {
        try (var files = Files.list(root.resolve(folder))) {
            for (var file : files.sorted().toList()) {
                ofPackage.computeIfAbsent(owner("/" + root.relativize(file)), name -> new ArrayList<>()).add(file);
            }
        }
    }
    var system = properties(Path.of("/etc/os-release"));
    var distribution = system.getProperty("ID", "linux").replace("\"", "");
    var distro = distribution + "-" + system.getProperty("VERSION_ID", "").replace("\"", "");
    for (var each : ofPackage.entrySet()) {
        var fields = said("dpkg-query", "--show", "--showformat=${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}", each.getKey())
                .split(" ");
        var purl = "pkg:deb/" + distribution + "/" + fields[0] + "@" + fields[1].replace("+", "%2B") + "?arch=" + fields[2] + "&distro=" + distro;
        var component = components.addObject();
        component.put("type", "library").put("bom-ref", purl).put("name", fields[0]).put("version", fields[1]);
        component.put("description", "Files of the build machine; source package " + fields[3] + " " + fields[4] + ".");
        license(component, "id", "LGPL-2.1-or-later");
        component.put("purl", purl);
        for (var file : each.getValue()) {
            var part = component.withArray("components").addObject();
            part.put("type", "file").put("name", "/" + root.relativize(file));
            hash(part, file);
        }
    }
}

void license(ObjectNode component, String key, String text) {
    component.withArray("licenses").addObject().withObject("/license").put(key, text);
}

void hash(ObjectNode component, Path file) throws Exception {
    component.withArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(file));
}

/** Where /lib is a link to /usr/lib, the package manager knows a file by only one of the two names. */
String owner(String file) throws Exception {
    for (var name : List.of(file, "/usr" + file)) {
        var found = said("dpkg-query", "--search", name);
        if (!found.isEmpty()) return found.substring(0, found.lastIndexOf(": "));
    }
    throw new IOException("no package of this machine has " + file + ", so the SBOM cannot name its version");
}

String said(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var text = new String(process.getInputStream().readAllBytes()).strip();
    return process.waitFor() == 0 ? text : "";
}

Properties properties(Path file) throws IOException {
    var properties = new Properties();
    try (var text = new FileInputStream(file.toFile())) {
        properties.load(text);
    }
    return properties;
}

String sha256(Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
}
