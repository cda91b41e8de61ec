import JSON

extension SimulatedServer {
  private static let plainText = "text/plain; charset=utf-8"

  /// `GET /`: no envelope.
  var root: Reply {
    let behaviours = configuration.behaviours
    let body: JSONValue = [
      "title": "qdrant - vector search engine", "version": .string(behaviours.version),
      "commit": .string(behaviours.commit),
    ]
    return .bytes(status: 200, type: "application/json", body: body.bytes())
  }

  /// Health, telemetry and the like.
  mutating func routeService(_ call: Call) throws(Refusal) -> Reply {
    let segments = call.target.segments
    if segments == ["audit", "logs"], configuration.behaviours.hasAudit {
      return call.isMethod("POST") ? try auditLogs(call) : .noRoute
    }
    guard segments.count == 1 else { return .noRoute }
    switch (call.request.method, segments[0]) {
    case ("GET", "healthz"), ("GET", "livez"):
      return .plain(
        status: 200, type: SimulatedServer.plainText, text: "healthz check passed")
    case ("GET", "readyz"):
      return .plain(
        status: 200, type: SimulatedServer.plainText, text: "all shards are ready")
    case ("GET", "telemetry"): return try telemetry(call)
    case ("GET", "metrics"):
      return .plain(
        status: 200, type: SimulatedServer.plainText, text: try metricsText(call))
    case ("GET", "quotas") where configuration.behaviours.hasQuotas:
      let usage: JSONValue = ["resident_memory_percent": 0, "disk_usage_percent": 71]
      return .result(["config": quotas, "usage": usage])
    case ("PUT", "quotas") where configuration.behaviours.hasQuotas:
      quotas = try call.body(Shapes.quotas, settings: configuration)
      noteChange()
      return .true
    case (_, "locks") where configuration.behaviours.hasLocks: return try locks(call)
    case ("GET", "issues"): return .result(["issues": []])
    case ("DELETE", "issues"): return .true
    case ("GET", "logger"): return .result(loggerSettings)
    case ("POST", "logger"): return setLogger(call)
    case ("GET", "stacktrace"): return .result(["threads": []])
    default: return .noRoute
    }
  }

  /// `/locks`, which nobody holds here.
  private func locks(_ call: Call) throws(Refusal) -> Reply {
    guard call.isMethod("GET") || call.isMethod("POST") else { return .noRoute }
    if call.isMethod("POST"),
      try call.body(Shapes.locks, settings: configuration)["write"]?.bool == true
    {
      throw .service("Locks are not simulated")
    }
    return .result(["error_message": .null, "write": false])
  }

  private var loggerSettings: JSONValue {
    var file: JSONObject = [
      "enabled": .null, "log_file": .null, "log_level": .null, "format": .null,
      "span_events": .null,
    ]
    if configuration.behaviours.hasLogBuffer { file["buffer_size_bytes"] = .null }
    let level = run.logLevel ?? configuration.value("log_level")?.string ?? "INFO"
    return [
      "log_level": .string(level), "span_events": .null, "format": .null, "color": .null,
      "on_disk": .object(file),
    ]
  }

  private mutating func setLogger(_ call: Call) -> Reply {
    var reader = WireReader(call.request.body)
    do throws(WireFailure) {
      let content = try reader.buffered()
      try reader.endOfText()
      var decoding = BufferedDecoding(configuration.behaviours)
      let body: JSONValue
      do throws(WireFailure) { body = try decoding.decode(Shapes.logger, content) } catch {
        throw reader.placed(error)
      }
      run.logLevel = body["log_level"]?.string ?? run.logLevel
      return .true
    } catch {
      return .plain(
        status: 400, type: SimulatedServer.plainText, text: "Json deserialize error: " + error.text)
    }
  }

  private mutating func auditLogs(_ call: Call) throws(Refusal) -> Reply {
    let body = try call.body(Shapes.auditQuery, settings: configuration)
    guard configuration.keepsAudit else {
      throw .badRequest("Audit logging is not configured")
    }
    let entries = run.audit.reversed().prefix(body["limit"]?.integer ?? 100)
    return .result(["entries": .array(Array(entries))])
  }

  /// Notes a request in the audit log, if there is one.
  mutating func audit(_ call: Call) {
    guard configuration.keepsAudit, let route = call.routePattern(configuration.behaviours) else {
      return
    }
    var entry: JSONObject = [
      "timestamp": .string(ClockText.rfc3339(call.now)), "method": .string(route),
      "auth_type": "None", "remote": "127.0.0.1",
    ]
    if let collection = call.pathCollection { entry["collection"] = .string(collection) }
    let tracing = ["x-request-id", "x-tracing-id", "traceparent"].compactMap { call.header($0) }
    if let first = tracing.first { entry["tracing_id"] = .string(String(first.prefix(256))) }
    entry["result"] = "ok"
    run.log(.object(entry))
  }
}

extension Shapes {
  static let logger = Shape.structure(
    Structure(
      "LoggerConfig",
      [
        .optional("log_level", .string), .optional("span_events", .anything),
        .optional("format", .string), .optional("color", .anything),
        .optional("on_disk", .anyObject),
      ]))

  private static let moment = Shape.parsed(expecting: "an RFC 3339 formatted date and time string")
  {
    text in
    let isPlausible =
      text.utf8.count >= 20 && text.utf8.first.map { (0x30...0x39).contains($0) } == true
    return isPlausible
      ? .success(text) : .failure(WireFailure("input contains invalid characters"))
  }

  static let locks = Shape.structure(
    Structure(
      "LocksOption", [.optional("error_message", .string), .required("write", .boolean)]))

  private static let percentage = Shape.integer(.u8)

  /// What a server may use; by itself it may use all.
  static let quotas = Shape.structure(
    Structure(
      "QuotaConfig",
      [
        .defaulted("enabled", .boolean, false),
        .optional("max_resident_memory_percent", percentage, [.range(1, 100)]),
        .optional("max_disk_usage_percent", percentage, [.range(1, 100)]),
        .optional("release_margin_percent", percentage, [.range(1, 100)]),
      ]))

  static let auditQuery = Shape.structure(
    Structure(
      "AuditLogQuery",
      [
        .optional("time_from", moment), .optional("time_to", moment),
        .optional("limit", .integer(.usize), [.range(1, 10000)]),
        .optional("filters", .anyObject),
      ]))
}
