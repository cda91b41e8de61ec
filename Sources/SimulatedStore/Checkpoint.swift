import JSON
import SimulatedQdrant

/// The whole state at one moment, from which a log goes on.
struct Checkpoint {
  static let format = 1

  /// Counts the checkpoints of a folder; the log of the same number follows this one.
  var generation: Int
  var version: String
  /// The settings under which the log that follows is replayed, without secrets.
  var environment: [String: String]
  var state: JSONValue

  /// The document: one line of JSON.
  var bytes: [UInt8] {
    let names = environment.keys.sorted()
    let settings = names.map { name in
      JSONObject.Member(key: name, value: .string(environment[name] ?? ""))
    }
    let document: JSONValue = [
      "made_by": "qdrant-sandbox", "format": .integer(Checkpoint.format),
      "version": .string(version), "generation": .integer(generation),
      "environment": .object(JSONObject(settings)), "state": state,
    ]
    return document.bytes() + [UInt8(ascii: "\n")]
  }

  init(generation: Int, version: String, environment: [String: String], state: JSONValue) {
    self.generation = generation
    self.version = version
    self.environment = environment
    self.state = state
  }

  /// Reads the document; a payload may be nested as deeply as a server takes, plus the envelope.
  init(bytes: [UInt8], path: String) throws(StoreError) {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONParser.parse(bytes, limits: .init(depth: 256, bytes: .max))
    } catch {
      throw .damaged(file: path, offset: error.offset, detail: "\(error)")
    }
    guard document["made_by"]?.string == "qdrant-sandbox",
      let format = document["format"]?.integer
    else {
      throw .damaged(file: path, offset: nil, detail: "this is no state of a simulated Qdrant")
    }
    guard format == Checkpoint.format else { throw .otherFormat(file: path, format: format) }
    guard let version = document["version"]?.string,
      let generation = document["generation"]?.integer, (0..<Int.max).contains(generation),
      let settings = document["environment"]?.object, let state = document["state"]
    else { throw .damaged(file: path, offset: nil, detail: "a member is missing") }
    self.init(generation: generation, version: version, environment: [:], state: state)
    for member in settings.members { environment[member.key] = member.value.string }
  }
}

extension SimulatedSettings {
  /// The settings without keys and what makes them necessary: a replayed request was let in once,
  /// and no secret belongs into a storage folder.
  var withoutSecrets: SimulatedSettings {
    var copy = self
    copy.environment = environment.filter { name, _ in
      name.hasPrefix("QDRANT__")
        && !["KEY", "SECRET", "PASSWORD", "TOKEN", "JWT"].contains { name.contains($0) }
    }
    return copy
  }
}
