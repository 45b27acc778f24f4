package io.syncjobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
