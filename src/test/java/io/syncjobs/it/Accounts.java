package io.syncjobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Shell.Result;
import io.syncjobs.cluster.TestNamespace;

/** Accounts and users of the tests, and their rights. */
final class Accounts {
    private Accounts() {}

    static void bind(TestNamespace here, String role, String user) {
        here.kubectl("create", "rolebinding", user, "--clusterrole=" + role, "--user=" + user);
    }

    /** The account of the README. */
    static void submitter(TestNamespace here) {
        here.kubectl("create", "role", "submit", "--verb=create,get", "--resource=syncjobs.syncjobs.io");
        here.kubectl("create", "rolebinding", "submit", "--role=submit", "--user=" + erp(here));
    }

    static String erp(TestNamespace here) {
        return "system:serviceaccount:" + here.name() + ":erp-submitter";
    }

    static void refused(Result result, String why) {
        assertThat(result.exit()).as(String.join(" ", result.command())).isNotZero();
        assertThat(result.err()).contains(why);
    }
}
