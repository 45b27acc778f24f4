package io.syncjobs.core.blame;

import static io.syncjobs.api.Reason.IMAGE_PULL_FAILED;
import static io.syncjobs.core.blame.Course.WAIT;
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
            image("image-name", "InvalidImageName")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "{image|The image} is no name of an image: mend it in {template}."),
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
            image("image-inspect", "ImageInspectError")
                    .is(
                            NODE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "Look at the container runtime of node {node}: it cannot look at {image|the image}."),
            image("image-rate-limit")
                    .saying("429 too many requests", "toomanyrequests", "too many requests", "rate limit")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry of {image|the image} lets nobody pull so often: log in with imagePullSecrets, or take the image from a mirror."),
            image("image-disk-full")
                    .saying("no space left on device", "disk quota exceeded")
                    .is(NODE, WAIT, IMAGE_PULL_FAILED, "The disk of node {node} is full: free some of it."),
            image("image-unauthorized")
                    .saying(
                            "401 unauthorized",
                            "unauthorized",
                            "403 forbidden",
                            "status: 401",
                            "status: 403",
                            "status code 401",
                            "status code 403",
                            "authentication required",
                            "no basic auth credentials",
                            "insufficient_scope",
                            "pull access denied",
                            "access denied",
                            "access to the resource is denied",
                            "access forbidden")
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
                            "does not provide any platform")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "{image|The image} does not exist for the kind of processor of node {node}: build it for that too, or choose other nodes with nodeSelector kubernetes.io/arch in {template}."),
            image("image-certificate")
                    .saying(
                            "x509:",
                            "certificate",
                            "tls: ",
                            "http response to https client",
                            "https response to http client")
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
                    .saying(
                            "connection refused",
                            "connection reset",
                            "i/o timeout",
                            "deadline exceeded",
                            "context canceled",
                            "handshake timeout",
                            "timed out",
                            "timeout",
                            "no route to host",
                            "network is unreachable",
                            "500 internal",
                            "502 bad gateway",
                            "503 service",
                            "504 gateway",
                            "bad gateway",
                            "service unavailable",
                            "internal server error",
                            "status: 50",
                            "status code 50",
                            "unexpected eof",
                            ": eof",
                            "proxyconnect",
                            "registry is unavailable",
                            "server closed")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "The registry of {image|the image} does not answer as it should; see whether it runs and node {node} reaches it."),
            image("image-not-found")
                    .saying(
                            "not found",
                            "manifest unknown",
                            "name unknown",
                            "manifest_unknown",
                            "name_unknown",
                            "does not exist")
                    .is(
                            TEMPLATE,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "There is no {image|such image}: push it, or mend its name and tag in {template}."),
            image("image-broken")
                    .saying(
                            "failed to extract layer",
                            "failed to unpack",
                            "digest mismatch",
                            "unexpected commit digest",
                            "invalid tar header",
                            "failed size validation",
                            "is no longer supported",
                            "unsupported media type",
                            "unsupported mediatype")
                    .is(
                            REGISTRY,
                            WAIT,
                            IMAGE_PULL_FAILED,
                            "What the registry sends for {image|the image} is damaged, or of a format that node {node} does not take: build it and push it again."),
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
                .naming("image", "inspect image \"", "\"")
                .naming("image", "pulling image ", ":");
    }

    private ImageRows() {}
}
