package io.syncjobs.core.pool;

import java.util.List;

/**
 * What the installation says about agents.
 *
 * @param image the product's own
 * @param pullSecrets their names; they are looked for in the namespace of each pool
 * @param timing for pools that do not say otherwise
 */
public record AgentSettings(String image, String pullPolicy, List<String> pullSecrets, PoolTiming timing) {}
