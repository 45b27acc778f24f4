{{- define "syncjobs.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimAll "-_." }}
{{- end }}

{{/* Removes the entries of a map that are null, in the maps and lists of maps inside it too. A later values file unsets so what an earlier one
     sets. */}}
{{- define "syncjobs.removeNulls" -}}
{{- range $key, $value := . }}
{{- if kindIs "invalid" $value }}{{ $_ := unset $ $key }}{{ else if kindIs "map" $value }}{{ include "syncjobs.removeNulls" $value }}
{{- else if kindIs "slice" $value }}{{ range $value }}{{ if kindIs "map" . }}{{ include "syncjobs.removeNulls" . }}{{ end }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Runs once, before any value is used. Fails with advice if values are missing or do not fit together. Without it a template would fail first,
     with a message that helps nobody. */}}
{{- define "syncjobs.whole" -}}
{{- if not (hasKey .Values "whole") }}
{{- include "syncjobs.removeNulls" (omit .Values "global") }}
{{- range list "image" "enqueuer" "workers" "agent" "jobs" "reasons" "logging" "crds" "rbac" "statusWriters" "serviceAccount" "serviceMonitor"
  "podMonitor" "prometheusRule" "grafanaDashboard" }}
{{- if not (kindIs "map" (get $.Values .)) }}
{{- fail (printf "the value %s is missing; an upgrade with --reuse-values does not see values that are new in this chart, one with --reset-then-reuse-values does" .) }}
{{- end }}
{{- end }}
{{- range list "enqueuer" "crds" }}
{{- if not (kindIs "map" (get (get $.Values .) "serviceAccount")) }}
{{- fail (printf "the value %s.serviceAccount is missing; leave it out, or set it to {} with the fields that you change" .) }}
{{- end }}
{{- end }}
{{- /* Null unsets a switch that another values file has turned off. */}}
{{- range list (list .Values.crds "install") (list .Values.rbac "aggregate") (list .Values.networkPolicy "enabled") (list .Values.podDisruptionBudget "enabled")
  (list .Values.serviceAccount "create") (list .Values.enqueuer.serviceAccount "create") (list .Values.crds.serviceAccount "create") }}
{{- $map := first . }}
{{- if and (kindIs "map" $map) (not (hasKey $map (last .))) }}{{ $_ := set $map (last .) true }}{{ end }}
{{- end }}
{{- $_ := set .Values "whole" true }}
{{- include "syncjobs.distinctValues" . }}
{{- include "syncjobs.distinctAccounts" . }}
{{- end }}
{{- end }}

{{/* What values.yaml has. Templates cannot read it. */}}
{{- define "syncjobs.valueNames" -}}
["affinity", "agent", "commonLabels", "crds", "enqueuer", "extraEnv", "extraVolumeMounts", "extraVolumes", "fullnameOverride", "global",
"grafanaDashboard", "image", "imagePullSecrets", "ipFamilyPolicy", "jobs", "leaseSeconds", "logging", "nameOverride", "networkPolicy",
"nodeSelector", "podAnnotations", "podDisruptionBudget", "podLabels", "podMonitor", "podSecurityContext", "priorityClassName",
"prometheusRule", "rbac", "reasons", "replicas", "resources", "securityContext", "serviceAccount", "serviceMonitor", "statusWriters",
"tolerations", "topologySpreadConstraints", "watchNamespaces", "workers"]
{{- end }}

{{/* Fails where a value is written otherwise than the chart's (Jobs, networkPolicies), is mistyped (networkPolcy), or has the name that it has
     in many other charts or without its section. The schema takes it for the switch of a parent chart. If there is no parent, every unknown name
     is refused, but for enabled and those about OpenShift: there the chart's pods do what such a switch is for anyway. */}}
{{- define "syncjobs.distinctValues" -}}
{{- $monitor := "serviceMonitor.enabled or podMonitor.enabled" }}
{{- range $name, $ours := dict "metrics" $monitor "monitoring" $monitor "prometheus" $monitor "autoscaling" "replicas" "leaderElection" "replicas"
  "pdb" "podDisruptionBudget" "installCRDs" "crds.install" "eager" "enqueuer.eager" "suspend" "enqueuer.suspend" "aggregate" "rbac.aggregate"
  "allowTemplate" "jobs.allowTemplate" }}
{{- if hasKey $.Values $name }}{{ fail (printf "the chart has no value %s; set %s, see its README" $name $ours) }}{{ end }}
{{- end }}
{{- $ours := include "syncjobs.valueNames" . | fromJsonArray }}
{{- range $key, $value := .Values }}
{{- if not (or (has $key $ours) (kindIs "invalid" $value) (has $key (list "enabled" "whole")) (regexMatch "^(x-|[._])" $key)) }}
{{- $plain := include "syncjobs.plain" $key }}
{{- range $our := $ours }}
{{- if eq $plain (include "syncjobs.plain" $our) }}
{{- fail (printf "the values %s and %s differ only in how they are written; the chart has %s, see its README" $key $our $our) }}
{{- end }}
{{- end }}
{{- $almost := include "syncjobs.almost" $plain | fromJsonArray }}
{{- range $our := $ours }}
{{- range include "syncjobs.plain" $our | include "syncjobs.almost" | fromJsonArray }}
{{- if has . $almost }}{{ fail (printf "the chart has no value %s, but one named %s; see its README" $key $our) }}{{ end }}
{{- end }}
{{- end }}
{{- if and $.Chart.IsRoot (not (contains "openshift" $plain)) }}
{{- fail (printf "the chart has no value %s, see its README" $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A name without what people write in different ways. */}}
{{- define "syncjobs.plain" -}}
{{- regexReplaceAll "(ies|y|s)$" (lower . | replace "-" "" | replace "_" "") "" }}
{{- end }}

{{/* The text, and the text without one of its letters: two texts that have one of these in common are one slip apart. */}}
{{- define "syncjobs.almost" -}}
{{- $texts := list . }}
{{- range $i := until (len .) }}{{ $texts = append $texts (printf "%s%s" (substr 0 $i $) (substr (int (add1 $i)) (len $) $)) }}{{ end }}
{{- toJson $texts }}
{{- end }}

{{/* Fails if the chart would create one account twice, or if a hook would delete the account of the operator, or need it before it is there. */}}
{{- define "syncjobs.distinctAccounts" -}}
{{- $full := include "syncjobs.fullname" . }}
{{- $operator := include "syncjobs.operatorAccount" . }}
{{- $enqueuer := include "syncjobs.enqueuerAccount" . }}
{{- if and .Values.serviceAccount.create .Values.enqueuer.serviceAccount.create (eq $operator $enqueuer) }}
{{- fail (printf "serviceAccount.name and enqueuer.serviceAccount.name are both %s; to use one account for both, set enqueuer.serviceAccount.create=false" $operator) }}
{{- end }}
{{- $crds := include "syncjobs.crdsAccount" . }}
{{- $created := list (ternary $operator "" (.Values.serviceAccount.create | default false)) (ternary $enqueuer "" (.Values.enqueuer.serviceAccount.create | default false)) }}
{{- if and .Values.crds.install .Values.crds.serviceAccount.create (has $crds (list $operator $enqueuer)) }}
{{- fail (printf "crds.serviceAccount.name is %s, as another account's; the hook deletes its account when it is done, so give it another name" $crds) }}
{{- else if and .Values.crds.install (has $crds $created) }}
{{- fail (printf "crds.serviceAccount.name is %s, but the hook runs before the chart creates that account; give it another name, or create %s yourself and set create=false for each of its accounts" $crds $crds) }}
{{- end }}
{{- range $path, $name := dict "serviceAccount" $operator "enqueuer.serviceAccount" $enqueuer "crds.serviceAccount" $crds }}
{{- if has $name (list (printf "%s-explain" $full) (printf "%s-test" $full)) }}
{{- fail (printf "%s.name is %s, which is the name of an account of the chart; choose another one" $path $name) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Prefix of the names of the release's objects: a valid name for a Service, of at most 40 characters, so that the suffixes fit. A name
     that had to be changed for this ends with a hash, so that two releases with the same beginning have different names. */}}
{{- define "syncjobs.fullname" -}}
{{- include "syncjobs.whole" . }}
{{- $name := include "syncjobs.name" . }}
{{- /* Under an alias the chart may be there twice, and both aliases may be in the release's name. */}}
{{- $named := ternary (contains $name .Release.Name) (eq $name .Release.Name) (eq .Chart.Name "syncjobs") }}
{{- $full := .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) $named) }}
{{- $fits := $full | lower | replace "." "-" | replace "_" "-" | trunc 40 | trimSuffix "-" }}
{{- if eq $fits $full }}{{ $full }}{{ else }}{{ printf "%s-%s" ($fits | trunc 31 | trimSuffix "-") ($full | sha256sum | trunc 8) }}{{ end }}
{{- end }}

{{/* Name of an object that has no namespace. Call with list $ COMPONENT. Two releases with one name in two namespaces get different names:
     a dot and the namespace are added, unless the namespace is the full name followed by -system. No namespace has a dot in its name. */}}
{{- define "syncjobs.clusterName" -}}
{{- $root := index . 0 }}
{{- $full := include "syncjobs.fullname" $root }}
{{- printf "%s-%s" $full (index . 1) }}{{ if not (has $root.Release.Namespace (list "" (printf "%s-system" $full))) }}.{{ $root.Release.Namespace }}{{ end }}
{{- end }}

{{/* What tells this installation from all others, also from another alias of the chart in the same parent chart. */}}
{{- define "syncjobs.release" -}}
{{ .Release.Namespace }}/{{ .Release.Name }}/{{ .Chart.Name }}
{{- end }}

{{- define "syncjobs.operatorAccount" -}}
{{- .Values.serviceAccount.name | default (printf "%s-operator" (include "syncjobs.fullname" .)) }}
{{- end }}

{{- define "syncjobs.enqueuerAccount" -}}
{{- .Values.enqueuer.serviceAccount.name | default (printf "%s-enqueuer" (include "syncjobs.fullname" .)) }}
{{- end }}

{{- define "syncjobs.crdsAccount" -}}
{{- .Values.crds.serviceAccount.name | default (printf "%s-crds" (include "syncjobs.fullname" .)) }}
{{- end }}

{{/* Labels that select the pods of a component. Call with list $ COMPONENT. They must never change: a selector is immutable. */}}
{{- define "syncjobs.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "syncjobs.name" $root | quote }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "syncjobs.labels" -}}
{{- $own := dict
  "app.kubernetes.io/name" (include "syncjobs.name" .)
  "app.kubernetes.io/instance" .Release.Name
  "app.kubernetes.io/version" (.Chart.AppVersion | toString | replace "+" "_" | trunc 63 | trimAll "-_.")
  "app.kubernetes.io/managed-by" .Release.Service
  "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_.") }}
{{- merge $own (.Values.commonLabels | default dict) | toYaml }}
{{- end }}

{{- define "syncjobs.scored" -}}
# Findings of kube-score that are ignored on purpose. Pull policy: the image of a version does not change, so it is pulled once. CPU limit:
# a throttled operator would renew its Lease late. User: the image has a numeric user above 10000, and OpenShift assigns another one. Anti-
# affinity: topologySpreadConstraints spread the operators. Replicas: one operator is enough, because running jobs go on without it.
kube-score/ignore: container-image-pull-policy,container-resources,container-security-context-user-group-id,deployment-has-host-podantiaffinity,deployment-replicas
{{- end }}

{{- define "syncjobs.image" -}}
{{- $repository := .Values.image.repository | default "syncjobs/syncjobs" }}
{{- with (.Values.global).imageRegistry | default .Values.image.registry }}
{{- $registry := printf "%s/" (trimSuffix "/" .) }}
{{- /* The repository may begin with it already. */}}
{{- $repository = printf "%s%s" $registry (trimPrefix $registry $repository) }}
{{- end }}
{{- /* A tag has no +, as a version may have. */}}
{{- $repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default (replace "+" "_" .Chart.AppVersion) }}{{ end }}
{{- end }}

{{/* Secrets for pulling images, as a list of objects. Both values may also contain plain names, or be one. */}}
{{- define "syncjobs.pullSecrets" -}}
{{- $secrets := list }}
{{- range list (.Values.global).imagePullSecrets .Values.imagePullSecrets }}
{{- range ternary (list . | compact) (. | default list) (kindIs "string" .) }}
{{- $secrets = append $secrets (ternary . (dict "name" .) (kindIs "map" .)) }}
{{- end }}
{{- end }}
{{- if $secrets }}{{ toYaml (uniq $secrets) }}{{ end }}
{{- end }}

{{- define "syncjobs.pullSecretNames" -}}
{{- $names := list }}
{{- range include "syncjobs.pullSecrets" . | fromYamlArray }}{{ $names = append $names .name }}{{ end }}
{{- join "," $names }}
{{- end }}

{{/* The image is one for Linux on x86-64, and many clusters have other nodes that have no taint. Call with the value. */}}
{{- define "syncjobs.nodeSelector" -}}
{{- merge (dict) (. | default dict) (dict "kubernetes.io/os" "linux" "kubernetes.io/arch" "amd64") | toYaml }}
{{- end }}

{{/* A pod template of the product, with its metadata. Call with a dict: "root" is $, "component" a name, "args" a list, "account" the name of
     its ServiceAccount, "instead" the values that replace those of the top level. Optional: "http" (true for a pod with ports and probes),
     "restart" (its restartPolicy), "grace" (its grace period in seconds). */}}
{{- define "syncjobs.podTemplate" -}}
{{- $root := .root }}
{{- $set := dict }}
{{- range $key := list "podAnnotations" "podLabels" "priorityClassName" "affinity" "topologySpreadConstraints" "nodeSelector" "tolerations"
  "extraEnv" "extraVolumes" "extraVolumeMounts" "resources" "podSecurityContext" "securityContext" }}
{{- /* index and not get: of a key that is missing or null get makes an empty text. */}}
{{- $value := index $root.Values $key }}
{{- if not (kindIs "invalid" (index $.instead $key)) }}{{ $value = index $.instead $key }}{{ end }}
{{- $_ := set $set $key $value }}
{{- end }}
{{- $selector := include "syncjobs.selector" (list $root .component) | fromYaml }}
{{- $own := list }}
{{- range include "syncjobs.env" $root | fromYamlArray }}{{ $own = append $own .name }}{{ end }}
{{- $extra := list }}
{{- range $set.extraEnv | default list }}
{{- if has .name $own }}{{ fail (printf "extraEnv sets %s, which the chart sets from its own values; use these, see the chart's README" .name) }}{{ end }}
{{- if has .name $extra }}{{ fail (printf "extraEnv sets %s twice; keep one of them" .name) }}{{ end }}
{{- $extra = append $extra .name }}
{{- end }}
metadata:
  labels: {{- merge (dict) $selector (include "syncjobs.labels" $root | fromYaml) ($set.podLabels | default dict) | toYaml | nindent 4 }}
  {{- with $set.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ .account | quote }}
  {{- /* Said here, because an account that is not the chart's may say otherwise. */}}
  automountServiceAccountToken: true
  {{- with .restart }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .grace }}
  terminationGracePeriodSeconds: {{ . }}
  {{- end }}
  {{- with include "syncjobs.pullSecrets" $root }}
  imagePullSecrets: {{- . | nindent 4 }}
  {{- end }}
  {{- with $set.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  nodeSelector: {{- include "syncjobs.nodeSelector" $set.nodeSelector | nindent 4 }}
  {{- with $set.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $set.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- $spread := $set.topologySpreadConstraints }}
  {{- if and (kindIs "invalid" $spread) (eq .component "operator") (gt (int $root.Values.replicas) 1) }}
  {{- $spread = list }}
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  {{- $spread = append $spread (dict "topologyKey" . "maxSkew" 1 "whenUnsatisfiable" "ScheduleAnyway") }}
  {{- end }}
  {{- end }}
  {{- with $spread }}
  topologySpreadConstraints:
    {{- range . }}
    {{- /* A labelSelector of one's own stays as it is: merge would add labels to it. */}}
    {{- $missing := kindIs "invalid" (index . "labelSelector") | ternary (dict "labelSelector" (dict "matchLabels" $selector)) dict }}
    - {{- merge (dict) . $missing | toYaml | nindent 6 }}
    {{- end }}
  {{- end }}
  enableServiceLinks: false
  {{- with $set.podSecurityContext }}
  securityContext: {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: syncjobs
      image: {{ include "syncjobs.image" $root | quote }}
      {{- with $root.Values.image.pullPolicy }}
      imagePullPolicy: {{ . }}
      {{- end }}
      args: {{ toJson .args }}
      env:
        {{- include "syncjobs.env" $root | nindent 8 }}
        {{- with $set.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $set.securityContext }}
      securityContext: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $set.resources }}
      resources: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $set.extraVolumeMounts }}
      volumeMounts: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if .http }}
      ports:
        - {name: http, containerPort: 8080, protocol: TCP}
        - {name: health, containerPort: 8081, protocol: TCP}
      startupProbe:
        httpGet: {path: /readyz, port: health}
        periodSeconds: 1
        failureThreshold: 120
      readinessProbe:
        httpGet: {path: /readyz, port: health}
        periodSeconds: 5
      livenessProbe:
        httpGet: {path: /healthz, port: health}
        periodSeconds: 10
        failureThreshold: 6
      {{- end }}
  {{- with $set.extraVolumes }}
  volumes: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "syncjobs.env" -}}
- name: SYNCJOBS_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: SYNCJOBS_POD
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
{{- range $name, $value := dict
  "RELEASE" (include "syncjobs.fullname" .)
  "WATCH_NAMESPACES" (join "," (.Values.watchNamespaces | default list))
  "EAGER" .Values.enqueuer.eager
  "SCHEDULE_OVERDUE_SECONDS" .Values.enqueuer.overdueSeconds
  "HEARTBEAT_SECONDS" .Values.workers.heartbeatSeconds
  "DEAD_AFTER_SECONDS" .Values.workers.deadAfterSeconds
  "IMAGE" (include "syncjobs.image" .)
  "IMAGE_PULL_POLICY" .Values.image.pullPolicy
  "IMAGE_PULL_SECRETS" (include "syncjobs.pullSecretNames" .)
  "AGENT_RESOURCES" (.Values.agent.resources | default dict | toJson)
  "ALLOW_JOB_TEMPLATES" .Values.jobs.allowTemplate
  "POD_START_SECONDS" .Values.jobs.podStartSeconds
  "DONE_POD_SECONDS" .Values.jobs.donePodSeconds
  "FAILED_POD_SECONDS" .Values.jobs.failedPodSeconds
  "REASON_AFTER_SECONDS" .Values.reasons.afterSeconds
  "REASON_WRITES_PER_SECOND" .Values.reasons.writesPerSecond
  "LEASE_SECONDS" .Values.leaseSeconds
  "LOG_LEVEL" .Values.logging.level
  "LOG_FORMAT" .Values.logging.format
  "TRACE_BYTES" (ternary nil (int .Values.jobs.traceBytes) (kindIs "invalid" .Values.jobs.traceBytes))
  "HTTP_PORT" 8080
  "HEALTH_PORT" 8081 }}
{{- /* null leaves the product's own default, which is that of the chart. A number of a values file would have an exponent as text. */}}
{{- if not (kindIs "invalid" $value) }}
- {name: SYNCJOBS_{{ $name }}, value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}}
{{- end }}
{{- end }}
{{- end }}

{{/* What the pods of the chart may connect to: the API server, and DNS. */}}
{{- define "syncjobs.egress" -}}
- ports:
    {{- range .Values.networkPolicy.apiServerPorts }}
    - {protocol: TCP, port: {{ . }}}
    {{- else }}
    - {protocol: TCP}
    {{- end }}
  {{- with .Values.networkPolicy.apiServer }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
- ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
    # The DNS pods of OpenShift and of Gardener listen here.
    - {protocol: UDP, port: 5353}
    - {protocol: TCP, port: 5353}
    - {protocol: UDP, port: 8053}
    - {protocol: TCP, port: 8053}
{{- end }}

{{/* The operator's rights in the namespaces of the jobs. */}}
{{- define "syncjobs.operatorRules" -}}
- apiGroups: [syncjobs.io]
  resources: [syncjobs]
  # serve: the policies of another release recognise this release's accounts by this verb. work: policies recognise workers by it, on syncjobs
  # and on their pool. The operator grants it to them, so it must have it.
  verbs: [get, list, watch, patch, delete, serve, work]
- apiGroups: [syncjobs.io]
  resources: [syncqueues]
  verbs: [get, list, watch]
- apiGroups: [syncjobs.io]
  resources: [syncworkerpools]
  verbs: [get, list, watch, work]
- apiGroups: [syncjobs.io]
  resources: [syncjobs/status]
  # get: the operator itself does not need it, but it grants get and patch to workers, so it must have both.
  verbs: [get, patch]
- apiGroups: [syncjobs.io]
  resources: [syncqueues/status, syncworkerpools/status]
  verbs: [patch]
# Leases of workers. The operator watches them, and grants create, get, patch and watch to the accounts of pools. A policy restricts its writes.
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, list, watch, create, patch]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [create, patch]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [roles, rolebindings]
  # Without bind and escalate this account cannot grant rights that it does not have.
  verbs: [create, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [create, list]
{{- end }}

{{- define "syncjobs.enqueuerRules" -}}
- apiGroups: [syncjobs.io]
  resources: [syncjobs]
  verbs: [list, serve]
- apiGroups: [syncjobs.io]
  resources: [syncqueues, syncworkerpools]
  verbs: [list]
- apiGroups: [syncjobs.io]
  resources: [syncjobs/status, syncqueues/status]
  verbs: [patch]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [list]
- apiGroups: [""]
  resources: [pods]
  verbs: [list]
{{- end }}

{{- define "syncjobs.explainRules" -}}
- apiGroups: [syncjobs.io]
  resources: [syncjobs]
  verbs: [get, list]
- apiGroups: [syncjobs.io]
  resources: [syncqueues, syncworkerpools]
  verbs: [list]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [list]
- apiGroups: [""]
  resources: [pods]
  verbs: [list]
{{- end }}
