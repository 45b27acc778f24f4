package io.syncjobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobArgumentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-1042",
                "syncjob/order-1042",
                "syncjobs/order-1042",
                "sj/order-1042",
                "syncjob.syncjobs.io/order-1042",
                "syncjobs.syncjobs.io/order-1042"
            })
    void aJobIsNamedAsKubectlNamesIt(String given) {
        var named = new JobArguments();
        named.job = given;

        assertThat(named.name()).isEqualTo("order-1042");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "pod/order-1042", "syncjob/a/b", "Order_1042", "order 1042", "-a", "a.", "a..b", "a?watch=1"
            })
    void whatNoJobCanBeNamedIsRefusedByTheArgumentsName(String given) {
        var named = new JobArguments();
        named.job = given;
        named.namespace = given;

        assertThatThrownBy(named::name)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JOB is \"")
                .hasMessageContaining("kubectl get syncjobs -A");
        assertThatThrownBy(named::namespace).hasMessageStartingWith("--namespace is \"" + given + "\" but must be");
    }
}
