package shop;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Service;

/** Spring Boot: a bean that is missing, a runner that throws, a property that cannot be read. */
@SpringBootApplication
public class Boot {
    interface Warehouse {}

    @Service
    @Profile("bean")
    static class Exporter {
        Exporter(Warehouse warehouse) {}
    }

    @Bean
    @Profile("runner")
    CommandLineRunner runner() {
        return args -> Sync.export(5120);
    }

    @Bean
    @Profile("value")
    Integer batch(@org.springframework.beans.factory.annotation.Value("${shop.url}") String url) {
        return url.length();
    }

    public static void main(String[] args) {
        SpringApplication.run(Boot.class, args);
    }
}
