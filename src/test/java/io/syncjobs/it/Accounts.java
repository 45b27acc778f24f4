package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Shell.Result;
import io.syncjobs.cluster.TestNamespace;
import io.syncjobs.cluster.Waiting;

/** Accounts and users of the tests, and their rights. */
final class Accounts {
    private Accounts() {}

    /** Gives a user one of the roles for people. */
    static void bind(TestNamespace here, String role, String user) {
        here.kubectl(
                "create",
                "rolebinding",
                role + "-" + user.replaceAll("\\W", "-"),
                "--clusterrole=" + role,
                "--user=" + user);
        inForce(here, user, "get", "syncjobs.syncjobs.io");
    }

    /** Gives a user a role of its own, with these verbs. */
    static void allow(TestNamespace here, String user, String verbs, String resource) {
        var name = user.replaceAll(".*:", "") + "-" + resource.replaceAll("[^a-z]", "-");
        here.kubectl("create", "role", name, "--verb=" + verbs, "--resource=" + resource);
        here.kubectl("create", "rolebinding", name, "--role=" + name, "--user=" + user);
        inForce(here, user, verbs.replaceAll(",.*", ""), resource);
    }

    /** Waits for a right that was just given: the API server hears of a new binding from a watch of its own. */
    static void inForce(TestNamespace here, String user, String verb, String resource) {
        var parts = resource.split("/", 2);
        var below = "--subresource=" + (parts.length > 1 ? parts[1] : "");
        Waiting.until(
                user + " may " + verb + " " + resource,
                () -> here.tryKubectl("auth", "can-i", verb, parts[0], below, "--as=" + user)
                                .exit()
                        == 0,
                () -> here.kubectl("auth", "can-i", "--list", "--as=" + user));
    }

    /** The account of the README. */
    static void submitter(TestNamespace here) {
        allow(here, erp(here), "create,get", "syncjobs.syncjobs.io");
    }

    static String erp(TestNamespace here) {
        return "system:serviceaccount:" + here.name() + ":erp-submitter";
    }

    static void refused(Result result, String why) {
        assertThat(result.exit()).as(String.join(" ", result.command())).isNotZero();
        assertThat(result.err()).contains(why);
    }
}
