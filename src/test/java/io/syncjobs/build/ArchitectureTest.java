package io.syncjobs.build;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.syncjobs", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
    /** Whatever the folder of the compiled tests is called: ArchUnit's own option knows Maven's and Gradle's. */
    static final class WithoutTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("/test/");
        }
    }

    @ArchTest
    static final ArchRule DOORS_GO_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy("io.syncjobs.api..")
            .layer("core")
            .definedBy("io.syncjobs.core..")
            .layer("kube")
            .definedBy("io.syncjobs.kube..")
            .layer("probe")
            .definedBy("io.syncjobs.probe..")
            .layer("enqueuer")
            .definedBy("io.syncjobs.enqueuer..")
            .layer("job")
            .definedBy("io.syncjobs.job..")
            .layer("pool")
            .definedBy("io.syncjobs.pool..")
            .layer("operator")
            .definedBy("io.syncjobs.operator..")
            .layer("agent")
            .definedBy("io.syncjobs.agent..")
            .layer("cli")
            .definedBy("io.syncjobs.cli..")
            .whereLayer("api")
            .mayNotAccessAnyLayer()
            .whereLayer("core")
            .mayOnlyAccessLayers("api")
            .whereLayer("kube")
            .mayOnlyAccessLayers("api", "core")
            .whereLayer("probe")
            .mayNotAccessAnyLayer()
            .whereLayer("enqueuer")
            .mayOnlyAccessLayers("api", "core", "kube")
            .whereLayer("job")
            .mayOnlyAccessLayers("api", "core", "kube", "enqueuer")
            .whereLayer("pool")
            .mayOnlyAccessLayers("api", "core", "kube")
            .whereLayer("operator")
            .mayOnlyAccessLayers("api", "core", "kube", "probe", "enqueuer", "job", "pool")
            .whereLayer("agent")
            .mayOnlyAccessLayers("api", "core", "kube", "probe")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule ROOMS_OF_CORE_GO_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("common")
            .definedBy("io.syncjobs.core")
            .layer("settings")
            .definedBy("io.syncjobs.core.settings..")
            .layer("trace")
            .definedBy("io.syncjobs.core.trace..")
            .layer("blame")
            .definedBy("io.syncjobs.core.blame..")
            .layer("run")
            .definedBy("io.syncjobs.core.run..")
            .layer("job")
            .definedBy("io.syncjobs.core.job..")
            .layer("worker")
            .definedBy("io.syncjobs.core.worker..")
            .layer("index")
            .definedBy("io.syncjobs.core.index..")
            .layer("queue")
            .definedBy("io.syncjobs.core.queue..")
            .layer("pool")
            .definedBy("io.syncjobs.core.pool..")
            .whereLayer("common")
            .mayNotAccessAnyLayer()
            .whereLayer("settings")
            .mayOnlyAccessLayers("common")
            .whereLayer("trace")
            .mayOnlyAccessLayers("common")
            .whereLayer("blame")
            .mayNotAccessAnyLayer()
            .whereLayer("run")
            .mayOnlyAccessLayers("common", "trace", "blame")
            .whereLayer("job")
            .mayOnlyAccessLayers("common", "settings", "trace", "blame", "run")
            .whereLayer("worker")
            .mayOnlyAccessLayers("common", "trace", "blame", "run", "job")
            .whereLayer("index")
            .mayOnlyAccessLayers("common", "run", "job")
            .whereLayer("queue")
            .mayOnlyAccessLayers("common", "blame", "run", "job", "index")
            .whereLayer("pool")
            .mayOnlyAccessLayers("common", "settings", "blame", "run");

    @ArchTest
    static final ArchRule API_AND_CORE_KNOW_NO_CLIENT = noClasses()
            .that()
            .resideInAnyPackage("io.syncjobs.api..", "io.syncjobs.core..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.javaoperatorsdk..")
                    .or(resideInAPackage("io.fabric8.kubernetes.client..").and(not(type(CustomResource.class)))))
            .because("decisions are pure; CustomResource is what the framework makes a resource of");

    @ArchTest
    static final ArchRule ONLY_SHELLS_KNOW_THE_FRAMEWORK = noClasses()
            .that()
            .resideOutsideOfPackages("io.syncjobs.operator..", "io.syncjobs.pool..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javaoperatorsdk..")
            .because("the simulation runs what is behind them");

    @ArchTest
    static final ArchRule ONLY_KUBE_SPEAKS_TO_THE_API_SERVER = noClasses()
            .that()
            .resideOutsideOfPackage("io.syncjobs.kube..")
            .should()
            .callMethodWhere(target(nameMatching(
                            "(create|createOr.*|patch.*|update.*|replace.*|edit.*|delete.*|serverSideApply|sendAsync)"))
                    .and(target(owner(resideInAPackage("io.fabric8.kubernetes.client..")))))
            .because("each side effect has one home");

    @ArchTest
    static final ArchRule TEXT_OF_STRANGERS_IS_READ_IN_LINEAR_TIME = noClasses()
            .that()
            .resideInAPackage("io.syncjobs.core..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex..")
            .because("expressions that backtrack can take for ever; RE2/J (com.google.re2j) and scanners cannot");

    @ArchTest
    static final ArchRule CORE_IS_PURE = noClasses()
            .that()
            .resideInAPackage("io.syncjobs.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.slf4j..", "java.io..", "java.nio.file..", "java.net..")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .because("the moment is passed in");
}
