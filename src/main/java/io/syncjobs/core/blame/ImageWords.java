package io.syncjobs.core.blame;

/**
 * The words of registries, of proxies before them, and of container runtimes that keep images: containerd, CRI-O, Docker and
 * Windows. A registry may write a status without its name.
 */
final class ImageWords {
    private ImageWords() {}

    /** The runtime of the node, and its disk. */
    static String[] ofTheNode() {
        return new String[] {
            "read-only file system",
            "input/output error",
            "parent snapshot",
            "failed to create snapshot: missing parent",
            "content store",
            "dial unix",
            "too many open files",
            "cannot allocate memory",
            "resource temporarily unavailable",
            "permission denied: unknown",
            "lsetxattr",
            "insufficient uids or gids",
            "subordinate ids",
            "structure needs cleaning",
            "no such file or directory",
            "create lease",
            "blob not found",
            "failed to open writer",
            "failed to mount",
            "signal: killed",
            "failed to prepare extraction snapshot",
            "lchown",
            "whiteout",
            "hcsshim",
            "layer not known",
            "consider removing the image",
            "error reading from server",
            "transport is closing",
            "code = unimplemented"
        };
    }

    /** A registry that refuses the login, or wants one. One that gives nobody a token without a login may answer with any 4##. */
    static String[] ofRefusedLogins() {
        return new String[] {
            "401 unauthorized",
            "unauthorized",
            "403 forbidden",
            "status: 401",
            "status: 403",
            "status code 401",
            "status code 403",
            "authentication required",
            "failed to fetch … token: … request to : 4##",
            "no basic auth credentials",
            "insufficient_scope",
            "pull access denied",
            "access denied",
            "access to the resource is denied",
            "access forbidden",
            "(forbidden)",
            "denied: ",
            "not authorized",
            "authentication failure",
            ": denied",
            "request to : 401",
            "request to : 403",
            "statuscode: 401",
            "statuscode: 403",
            "auth token: invalid"
        };
    }

    static String[] ofARegistryInTrouble() {
        return new String[] {
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
            "host is down",
            "request canceled",
            "bad gateway",
            "service unavailable",
            "internal server error",
            "status: 5##",
            "status 5##",
            "status code 5##",
            "status code from registry 5##",
            "statuscode: 5##",
            "http 5##",
            "request to : 5##",
            "time-out",
            "unexpected eof",
            ": eof",
            "broken pipe",
            "closed network connection",
            "connection lost",
            "tls: ",
            "stream error",
            "server sent goaway",
            "registry is unavailable",
            "server closed"
        };
    }
}
