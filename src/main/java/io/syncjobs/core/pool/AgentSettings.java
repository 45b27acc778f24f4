package io.syncjobs.core.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;

/**
 * What the installation says about agents.
 *
 * @param image the product's own
 * @param pullSecrets their names; they are looked for in the namespace of each pool
 * @param resources requests and limits of the agent's container
 * @param variables what the agent is told by the same variables as the operator
 * @param timing for pools that do not say otherwise
 */
public record AgentSettings(
        String image,
        String pullPolicy,
        List<String> pullSecrets,
        ObjectNode resources,
        SortedMap<String, String> variables,
        PoolTiming timing) {}
