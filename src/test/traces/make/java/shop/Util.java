package shop;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The same failure through java.util.logging, which JBoss LogManager replaces. */
public class Util {
    public static void main(String[] args) {
        var log = Logger.getLogger("shop.Util");
        log.info("exporting order 5120");
        try {
            Sync.export(5120);
        } catch (RuntimeException e) {
            log.log(Level.SEVERE, "the export failed", e);
        }
        log.info("closing 4 connections");
        System.exit(1);
    }
}
