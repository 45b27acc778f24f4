class ExportError < StandardError; end
begin
  Integer("twelve")
rescue ArgumentError
  raise ExportError, "stock could not be read"
end
