package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.IMAGE_PULL_FAILED;
import static io.syncjobs.core.blame.Course.WAIT;
import static io.syncjobs.core.blame.Party.CLUSTER;
import static io.syncjobs.core.blame.Party.NAMESPACE;
import static io.syncjobs.core.blame.Party.NODE;
import static io.syncjobs.core.blame.Party.REGISTRY;
import static io.syncjobs.core.blame.Party.TEMPLATE;
import static io.syncjobs.core.blame.Row.row;
import static io.syncjobs.core.blame.Source.IMAGE;

import java.util.List;

/** Why the image of a container is missing. Where Kubernetes has no code for it, the words of the registry decide. */
final class ImageRows {
    static final List<Row> ROWS = List.of(
            image("image-added")
                    .where(Fact.ADDED)
                    .is(
                            CLUSTER,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Container {container} is not of {template}: admission has added it, as a service mesh or an injector of secrets does. See to {image|its image} in what adds it."),
            image("image-name", "InvalidImageName")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "{image|The image} is no name of an image: mend it in {template}."),
            image("image-short-name")
                    .saying("short-name ", "short name mode")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Node {node} does not know from which registry {image|the image} comes: write its name with the registry in {template}."),
            image("image-never-pulled", "ErrImageNeverPull")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Node {node} does not have {image|the image}, and imagePullPolicy forbids to pull it: load it on the node, or mend imagePullPolicy in {template}."),
            image("image-signature", "SignatureValidationFailed")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "{image|The image} is not signed as the nodes demand: sign it, or name another one in {template}."),
            image("image-untrusted")
                    .saying("source image rejected", "is rejected by policy", "signature was required")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Node {node} does not trust {image|the image}: sign it as the policy of the nodes demands, or name another one in {template}."),
            image("image-policy")
                    .saying(
                            "412 precondition failed",
                            "vulnerability",
                            "due to configured policy",
                            "blocking policy",
                            "blocked by",
                            "quarantine")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry gives {image|the image} to nobody before it is scanned, signed or mended as its policy demands: see what the registry says of it, or name another one in {template}."),
            image("image-inspect", "ImageInspectError")
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Look at the container runtime of node {node}: it cannot look at {image|the image}."),
            image("image-rate-limit")
                    .saying(
                            "toomanyrequests",
                            "too many requests",
                            "request to : 429",
                            "statuscode: 429",
                            "rate limit",
                            "rate exceeded",
                            "quota exceeded for")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry of {image|the image} lets nobody pull so often: log in with imagePullSecrets, or take the image from a mirror."),
            image("image-credentials")
                    .saying("credential provider plugin", "credential-provider", "credential helper")
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The kubelet of node {node} gets no login for the registry of {image|the image}: look at its credential provider and at the node's own rights."),
            image("image-disk-full")
                    .saying("no space left on device", "disk quota exceeded", "not enough space on the disk")
                    .is(NODE, WAIT, IMAGE_PULL_FAILED, "The disk of node {node} is full: free some of it."),
            image("image-queued")
                    .saying("pull qps exceeded")
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Node {node} had more images to pull than its kubelet pulls at a time (registryPullQPS); that passes."),
            image("image-node")
                    .saying(ImageWords.ofTheNode())
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Look at the container runtime and the disk of node {node}: it cannot keep {image|the image}."),
            image("image-node-config")
                    .saying("hosts.toml", "hosts directory", "unable to load ca cert", "registries.conf")
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The container runtime of node {node} cannot read what is configured there about the registry of {image|the image}: mend it."),
            // A proxy that refuses to connect answers with a status, and Go gives that without its number.
            image("image-proxy")
                    .saying("proxyconnect", "proxy authentication required", "head : forbidden", "get : forbidden")
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The proxy between node {node} and the registry of {image|the image} does not let it through: mend HTTPS_PROXY and NO_PROXY of the node's container runtime, or the proxy."),
            image("image-address")
                    .saying("is not allowed access", "prohibited by organization's policy", "ip allow list")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry of {image|the image} lets nobody in from the address of node {node}: allow it in the registry's firewall or list of addresses."),
            image("image-unauthorized")
                    .saying(ImageWords.ofRefusedLogins())
                    .is(
                            NAMESPACE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry does not give {image|the image} to this namespace: create the Secret in namespace {namespace} that imagePullSecrets of {template} name, with an account that may pull it; or the name is wrong."),
            image("image-platform")
                    .saying(
                            "no match for platform",
                            "no matching manifest",
                            "does not match the specified platform",
                            "unsupported platform",
                            "no image found in manifest list",
                            "no image found in image index",
                            "does not provide any platform",
                            "-based image is incompatible with",
                            "cannot be used on this platform")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "{image|The image} does not exist for the kind of processor of node {node}: build it for that too, or choose other nodes with nodeSelector kubernetes.io/arch in {template}."),
            image("image-certificate")
                    .saying(
                            "x509:",
                            "certificate",
                            "tls: handshake failure",
                            "tls: protocol version",
                            "tls: unrecognized name",
                            "tls: first record",
                            "tls: server selected unsupported",
                            "http response to https client",
                            "https response to http client",
                            "malformed http response")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Node {node} does not trust the registry of {image|the image}: mend its certificate, or the registry's entry in the node's container runtime."),
            image("image-host")
                    .saying(
                            "no such host",
                            "server misbehaving",
                            "temporary failure in name resolution",
                            "name or service not known",
                            "lookup ")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Node {node} finds no registry of that name: see whether it exists, the node's DNS, and the name of {image|the image} in {template}."),
            image("registry-down", "RegistryUnavailable")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry of {image|the image} does not answer; see whether it runs and node {node} reaches it."),
            image("registry-fails")
                    .saying(ImageWords.ofARegistryInTrouble())
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry of {image|the image} does not answer as it should; see whether it runs and node {node} reaches it."),
            image("image-old-format")
                    .saying(
                            "is no longer supported",
                            "schema 1",
                            "artifact with type",
                            "mismatched image rootfs",
                            "unsupported image config",
                            "unsupported config media type",
                            "unsupported mime type")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "{image|The image} is no image, or of a format that node {node} does not take any more: build it anew and push it, or name another one in {template}."),
            image("image-broken")
                    .saying(
                            "could not fetch content descriptor",
                            "content at not found",
                            "blob unknown",
                            "failed to extract layer",
                            "failed to unpack",
                            "digest mismatch",
                            "unexpected commit digest",
                            "invalid tar header",
                            "failed size validation",
                            "unsupported media type",
                            "unsupported mediatype",
                            "unexpected media type",
                            "digest did not match",
                            "wrong diff id")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "What the registry sends for {image|the image} is damaged, or of a format that node {node} does not take: build it and push it again."),
            image("image-not-found")
                    .saying(
                            "not found",
                            "manifest unknown",
                            "name unknown",
                            "manifest_unknown",
                            "name_unknown",
                            "request to : 404",
                            "does not exist")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "There is no {image|such image}: push it, or mend its name and tag in {template}."),
            image("image-not-pulled")
                    .vague()
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Look at the pod's events (kubectl describe pod -n {namespace} {pod}), at the registry, at {image|the image} in {template}, and at its imagePullSecrets."));

    /** A row about an image. The kubelet's message contains the name of the image in one of several forms. */
    private static Row.Draft image(String id, String... codes) {
        return row(id, IMAGE, codes)
                .naming("image", "image \"", "\"")
                .naming("image", "reference \"", "\"")
                .naming("image", "image name \"", "\"")
                .naming("image", "inspect image \"", "\"")
                .naming("image", "pulling image ", ":");
    }

    private ImageRows() {}
}
