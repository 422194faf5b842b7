{{- define "mcp-atlassian.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "mcp-atlassian.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "mcp-atlassian.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "mcp-atlassian.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "mcp-atlassian.selectorLabels" -}}
app.kubernetes.io/name: {{ include "mcp-atlassian.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mcp-atlassian.labels" -}}
{{ include "mcp-atlassian.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "mcp-atlassian.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "mcp-atlassian.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "mcp-atlassian.secretName" -}}
{{- default (include "mcp-atlassian.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{- define "mcp-atlassian.hasSecrets" -}}
{{- if or .Values.secrets.existingSecret .Values.secrets.values -}}yes{{- end -}}
{{- end -}}
