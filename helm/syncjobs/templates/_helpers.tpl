{{- define "syncjobs.fullname" -}}
{{- if contains "syncjobs" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-syncjobs" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "syncjobs.labels" -}}
app.kubernetes.io/name: syncjobs
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "syncjobs.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* A pod of the product that passes the restricted profile. Call with dict "root" $ "args" list "account" name "resources" map "http" bool. */}}
{{- define "syncjobs.podspec" -}}
serviceAccountName: {{ .account }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
containers:
  - name: syncjobs
    image: {{ include "syncjobs.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: {{ toJson .args }}
    env: {{- include "syncjobs.env" .root | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    resources: {{- toYaml .resources | nindent 6 }}
    {{- if .http }}
    ports:
      - {name: http, containerPort: 8080}
    startupProbe:
      httpGet: {path: /readyz, port: http}
      periodSeconds: 1
      failureThreshold: 120
    readinessProbe:
      httpGet: {path: /readyz, port: http}
      periodSeconds: 5
    livenessProbe:
      httpGet: {path: /healthz, port: http}
      periodSeconds: 10
      failureThreshold: 6
    {{- end }}
{{- end }}

{{- define "syncjobs.env" -}}
- name: SYNCJOBS_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: SYNCJOBS_POD
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
{{- range $name, $value := dict
  "RELEASE" (include "syncjobs.fullname" .)
  "WATCH_NAMESPACES" (join "," .Values.watchNamespaces)
  "EAGER" .Values.enqueuer.eager
  "SCHEDULE_OVERDUE_SECONDS" .Values.enqueuer.overdueSeconds
  "DEAD_AFTER_SECONDS" .Values.workers.deadAfterSeconds
  "POD_START_SECONDS" .Values.jobs.podStartSeconds
  "DONE_POD_SECONDS" .Values.jobs.donePodSeconds
  "FAILED_POD_SECONDS" .Values.jobs.failedPodSeconds
  "REASON_AFTER_SECONDS" .Values.reasons.afterSeconds
  "REASON_WRITES_PER_SECOND" .Values.reasons.writesPerSecond
  "LEASE_SECONDS" .Values.leaseSeconds
  "HTTP_PORT" 8080 }}
- {name: SYNCJOBS_{{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{/* Rules on the jobs' own namespaces. */}}
{{- define "syncjobs.operatorRules" -}}
- apiGroups: [syncjobs.io]
  resources: [syncjobs]
  verbs: [get, list, watch, patch, delete]
- apiGroups: [syncjobs.io]
  resources: [syncqueues]
  verbs: [list, watch]
- apiGroups: [syncjobs.io]
  resources: [syncjobs/status, syncqueues/status]
  verbs: [patch]
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
  resources: [syncjobs, syncqueues]
  verbs: [list]
- apiGroups: [syncjobs.io]
  resources: [syncjobs/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [list]
{{- end }}
