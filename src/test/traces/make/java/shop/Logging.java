package shop;

import org.slf4j.LoggerFactory;

/** The same failure, told by a logger; which one is decided by the class path and the configuration. */
public class Logging {
    public static void main(String[] args) {
        var log = LoggerFactory.getLogger(Logging.class);
        log.info("exporting order 5120");
        try {
            Sync.export(5120);
        } catch (RuntimeException e) {
            log.error("the export failed", e);
        }
        log.info("closing 4 connections");
        System.exit(1);
    }
}
