import JSON

/// A document that is no fault script.
package struct FaultScriptError: Error, Sendable, Equatable {
  /// Where: `faults[2].path`, or nothing for the whole document.
  package var place: String
  /// One sentence without a full stop.
  package var message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }
}

extension FaultScript {
  /// Reads the JSON form, which `FaultScript.documentation` describes.
  package init(json bytes: [UInt8]) throws(FaultScriptError) {
    let document: JSONValue
    do throws(JSONError) { document = try JSONParser.parse(bytes) } catch {
      throw FaultScriptError(place: "", message: "no JSON: \(error)")
    }
    guard let list = document["faults"]?.array, document.object?.count == 1 else {
      throw FaultScriptError(
        place: "", message: "the document must be an object with the one member 'faults', a list")
    }
    var rules: [FaultRule] = []
    for (index, value) in list.enumerated() {
      guard let object = value.object else {
        throw FaultScriptError(place: "faults[\(index)]", message: "a fault must be an object")
      }
      var reader = FaultReader(object: object, place: "faults[\(index)]")
      rules.append(try reader.rule())
    }
    self.init(rules)
  }

  /// What the JSON form looks like, for a person; paragraphs.
  package static let documentation: [String] = [
    "A fault script is a JSON document {\"faults\": [RULE, …]}. A RULE has 'fault', the fault's "
      + "name with the members that it needs, and says which requests it meets: 'method' (a name "
      + "or a list; all if missing), 'path' (of the raw path without the query; * is any text "
      + "within a segment, ** any text at all; all if missing), 'body_contains', 'nth' (the first "
      + "matching request that is met, 1 if missing) and 'times' (how many from there on, 1 if "
      + "missing, or \"always\"). The first rule that meets a request decides; all count it.",
    "Faults that lose the connection: drop_before_read, drop_mid_request (bytes), "
      + "drop_before_apply, drop_after_apply, blackhole (applied: true or false), restart "
      + "(keep_storage: true if missing), refuse. Faults of the answer, the request being applied: "
      + "delay (seconds), apply_then_status (status), duplicate (times_applied), truncate (bytes), "
      + "garbage (body), not_http (body), wrong_schema (change), slowloris (bytes_per_second), "
      + "previous_answer, empty_info, partial_apply (sections), version (version). Not applied: "
      + "status (status, body, headers), never_apply, late_apply (seconds; applied later), "
      + "huge_body (bytes), redirect (to, status), rate (per_second, retry_after), auth_flip.",
    "The 'change' of wrong_schema is one of null_result, no_result, list_result, text_result, "
      + "empty_object, extra_members, or a list of member names down to the one that is taken out, "
      + "or a number of nested lists.",
  ]
}

/// Reads one rule and sees to it that no member is left over.
private struct FaultReader {
  let object: JSONObject
  let place: String
  var used: Set<String> = ["fault", "method", "path", "body_contains", "nth", "times"]

  mutating func rule() throws(FaultScriptError) -> FaultRule {
    var matcher = FaultMatcher()
    matcher.methods = try methods()
    if let path = try optionalText("path") { matcher.path = path }
    matcher.bodyContains = try optionalText("body_contains")
    if object["nth"] != nil { matcher.nth = try integer("nth", from: 1) }
    if object["times"]?.string == "always" {
      matcher.times = nil
    } else if object["times"] != nil {
      matcher.times = try integer("times", from: 1)
    }
    let fault = try fault(named: try text("fault"))
    if let extra = object.keys.first(where: { !used.contains($0) }) {
      throw failure(extra, "this fault has no such member")
    }
    if Set(object.keys).count != object.count { throw failure(nil, "a member stands twice") }
    return FaultRule(matcher, fault)
  }

  private func methods() throws(FaultScriptError) -> [String] {
    switch object["method"] {
    case nil: return []
    case .string(let method)?: return [method]
    case .array(let list)?:
      let names = list.compactMap(\.string)
      guard names.count == list.count else { throw failure("method", "names are texts") }
      return names
    default: throw failure("method", "must be a text or a list of texts")
    }
  }

  private mutating func fault(named name: String) throws(FaultScriptError) -> Fault {
    if let plain = FaultReader.plain[name] { return plain }
    switch name {
    case "drop_mid_request": return .dropMidRequest(after: try integer("bytes", from: 0))
    case "delay": return .delay(seconds: try number("seconds"))
    case "apply_then_status": return .applyThenStatus(try status())
    case "status": return .status(try status(), body: try body(), headers: try headers())
    case "late_apply": return .lateApply(seconds: try number("seconds"))
    case "partial_apply": return .partialApply(try integer("sections", from: 0))
    case "duplicate": return .duplicate(times: try integer("times_applied", from: 2))
    case "truncate": return .truncate(after: try integer("bytes", from: 0))
    case "garbage": return .garbage(try body())
    case "not_http": return .notHTTP(try body())
    case "wrong_schema": return .wrongSchema(try schemaChange())
    case "slowloris": return .slowloris(bytesPerSecond: max(0.001, try number("bytes_per_second")))
    case "blackhole": return .blackhole(applied: try boolean("applied", otherwise: false))
    case "huge_body": return .hugeBody(bytes: try integer("bytes", from: 0))
    case "redirect":
      let code = object["status"] == nil ? 307 : try status()
      return .redirect(to: try text("to"), status: code)
    case "restart":
      return .restart(keepingStorage: try boolean("keep_storage", otherwise: true))
    case "version": return .version(try version())
    case "rate":
      let retryAfter = object["retry_after"] == nil ? nil : try integer("retry_after", from: 0)
      return .rate(perSecond: try number("per_second"), retryAfter: retryAfter)
    default: throw failure("fault", "there is no fault of that name")
    }
  }

  /// The faults without members of their own.
  private static let plain: [String: Fault] = [
    "refuse": .refuse, "drop_before_read": .dropBeforeRead,
    "drop_before_apply": .dropBeforeApply, "drop_after_apply": .dropAfterApply,
    "never_apply": .neverApply, "previous_answer": .previousAnswer, "auth_flip": .authFlip,
    "empty_info": .emptyInfo,
  ]

  private mutating func status() throws(FaultScriptError) -> Int {
    let code = try integer("status", from: 200)
    guard code <= 599 else { throw failure("status", "must be 200 to 599") }
    return code
  }

  private mutating func version() throws(FaultScriptError) -> ServerLine {
    guard let line = ServerLine(rawValue: try text("version")) else {
      throw failure("version", "this release is not simulated")
    }
    return line
  }

  private mutating func schemaChange() throws(FaultScriptError) -> SchemaChange {
    used.insert("change")
    switch object["change"] {
    case .string("null_result")?: return .nullResult
    case .string("no_result")?: return .noResult
    case .string("list_result")?: return .listResult
    case .string("text_result")?: return .textResult
    case .string("empty_object")?: return .emptyObject
    case .string("extra_members")?: return .extraMembers
    case .array(let path)? where !path.isEmpty && path.allSatisfy({ $0.string != nil }):
      return .without(path.compactMap(\.string))
    case .number(let number)?:
      guard let levels = number.integer, (0...10_000_000).contains(levels) else { fallthrough }
      return .deepResult(levels: levels)
    default: throw failure("change", "must name a change, a path or a depth")
    }
  }

  /// A text is sent as it is, any other value as JSON.
  private mutating func body() throws(FaultScriptError) -> [UInt8] {
    used.insert("body")
    switch object["body"] {
    case nil: return []
    case .string(let text)?: return Array(text.utf8)
    case .some(let value): return value.bytes()
    }
  }

  private mutating func headers() throws(FaultScriptError) -> [FaultHeader] {
    used.insert("headers")
    guard let value = object["headers"] else { return [] }
    guard let members = value.object?.members else { throw failure("headers", "must be an object") }
    var headers: [FaultHeader] = []
    for member in members {
      guard let text = member.value.string else { throw failure("headers", "values are texts") }
      headers.append(FaultHeader(member.key, text))
    }
    return headers
  }

  private mutating func optionalText(_ name: String) throws(FaultScriptError) -> String? {
    object[name] == nil ? nil : try text(name)
  }

  private mutating func text(_ name: String) throws(FaultScriptError) -> String {
    used.insert(name)
    guard let text = object[name]?.string else { throw failure(name, "must be a text") }
    return text
  }

  private mutating func integer(_ name: String, from lower: Int) throws(FaultScriptError) -> Int {
    used.insert(name)
    guard let value = object[name]?.integer, value >= lower, value <= 1 << 40 else {
      throw failure(name, "must be a whole number from \(lower)")
    }
    return value
  }

  private mutating func number(_ name: String) throws(FaultScriptError) -> Double {
    used.insert(name)
    guard let value = object[name]?.double, value >= 0, value <= 1e9 else {
      throw failure(name, "must be a number from 0")
    }
    return value
  }

  private mutating func boolean(
    _ name: String, otherwise: Bool
  ) throws(FaultScriptError) -> Bool {
    used.insert(name)
    guard let value = object[name] else { return otherwise }
    guard let truth = value.bool else { throw failure(name, "must be true or false") }
    return truth
  }

  private func failure(_ member: String?, _ message: String) -> FaultScriptError {
    FaultScriptError(place: place + (member.map { "." + $0 } ?? ""), message: message)
  }
}
