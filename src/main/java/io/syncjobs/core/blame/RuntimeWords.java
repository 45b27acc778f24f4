package io.syncjobs.core.blame;

/**
 * The words of container runtimes: runc, crun, gVisor, Kata and Windows, as containerd and CRI-O pass them on. The same words say
 * that a program of the image is missing and that a file of the node is missing. So the template is blamed only where the runtime
 * speaks of the template's command or mount; whatever else fails is the node's.
 */
final class RuntimeWords {
    private RuntimeWords() {}

    /** A limit that is too low for the runtime's own program. */
    static String[] tooLittleMemory() {
        return new String[] {
            "memory limit too low",
            "set memory limit",
            "minimum memory limit",
            "memory.limit_in_bytes",
            "memory.max … device or resource busy"
        };
    }

    /** Programs and files of the node itself, in words that would otherwise be about the command of the container. */
    static String[] ofTheRuntime() {
        return new String[] {
            "/var/lib/containerd/",
            "/var/lib/containers/storage",
            "/run/containers/storage",
            "io.containerd.snapshotter.",
            "overlay mount",
            "/sys/fs/cgroup",
            "retrieve oci runtime error",
            "runc did not terminate",
            "error while loading shared libraries",
            "failed to start shim",
            "containerd-shim",
            "nvidia-container",
            // A Go program of the node begins another one so. Of a container's command, runc says exec alone.
            "fork/exec ",
            "exec: \"runc\"",
            "exec: \"crun\"",
            "running hook",
            "executing hook",
            " hook #",
            "prestart hook",
            "createruntime hook",
            "createcontainer hook",
            "startcontainer hook",
            "error mounting \"/var/lib/kubelet/ … no such file or directory",
            // The command of a container is looked for only later, when its process begins.
            "create containerd container: … exec: "
        };
    }

    /** The node has no room for another process, or too little memory to begin one. */
    static String[] ofBusyNodes() {
        return new String[] {
            "resource temporarily unavailable",
            "cannot allocate memory",
            "too many open files",
            "paging file is too small",
            "insufficient system resources"
        };
    }

    static String[] ofBrokenDisks() {
        return new String[] {"no space left on device", "input/output error", "structure needs cleaning"};
    }

    /** A mounted volume whose storage has gone away. */
    static String[] ofStorageThatIsGone() {
        return new String[] {
            "stale nfs file handle", "stale file handle", "transport endpoint is not connected", "host is down"
        };
    }

    /** A user or group that the container cannot run as. */
    static String[] aboutTheUser() {
        return new String[] {
            "unable to find user",
            "unable to find group",
            "no matching entries in",
            "no users found",
            "no groups found",
            "is specified without user",
            "setup user:",
            "createprocess … user name or password is incorrect"
        };
    }

    /** What securityContext asks for and no node has. */
    static String[] aboutSecurity() {
        return new String[] {
            "invalid capability",
            "unknown capability",
            "unable to apply caps",
            "in a separate kernel namespace",
            "not allowed in host",
            "/proc/self/attr/ … invalid argument"
        };
    }

    /** An AppArmor or seccomp profile that is not on the node. */
    static String[] aboutProfiles() {
        return new String[] {
            "apparmor profile", "seccomp profile", "seccomp: unable to load", "seccomp: … no such file or directory"
        };
    }

    /** A program for another processor or system. */
    static String[] ofOtherPlatforms() {
        return new String[] {
            "exec format error",
            "operating system does not match",
            "machine type other than the current machine",
            "not a valid win32 application"
        };
    }

    /** A volume that does not fit where the template puts it. */
    static String[] aboutMounts() {
        return new String[] {
            "to rootfs at … inside /proc",
            "to rootfs at … not a directory",
            "to rootfs at … is a directory",
            "to rootfs at … read-only file system",
            "error mounting \"/var/lib/kubelet/pods/ … to rootfs at … create mountpoint",
            "mount a directory onto a file"
        };
    }

    static String[] aboutTheDirectory() {
        return new String[] {"chdir to ", "container init: mkdir", "createprocess … directory name is invalid"};
    }

    /** The command, which may not be executed. */
    static String[] aboutRights() {
        return new String[] {
            "exec: … permission denied",
            "exec / … permission denied",
            "exec: … operation not permitted",
            "exec / … operation not permitted",
            "exec container process … permission denied",
            "open executable: permission denied",
            "createprocess … access is denied"
        };
    }

    /** The command, which is not in the image. */
    static String[] aboutTheCommand() {
        return new String[] {
            "exec: … executable file not found",
            "exec: … no such file or directory",
            "exec / … no such file or directory",
            "exec: … not a directory",
            "exec / … not a directory",
            "exec: … is a directory",
            "exec / … is a directory",
            "exec: … file name too long",
            "exec: … too many levels of symbolic links",
            "exec / … too many levels of symbolic links",
            "exec / … invalid argument",
            "exec: … relative to current directory",
            "no command specified",
            // crun
            "executable file … not found",
            "cannot find ` … in $path",
            "executable path too long",
            "open executable",
            "exec container process",
            // gVisor
            "finding executable",
            // Kata
            "task: the file … was not found",
            "createprocess … cannot find the",
            "createprocess … syntax is incorrect"
        };
    }
}
