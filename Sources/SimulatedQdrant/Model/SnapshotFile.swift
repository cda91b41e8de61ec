import CCrypto
import JSON

/// A snapshot as a file of the server: what it is called and what it holds.
struct SnapshotFile: Sendable {
  /// What every file begins with; all else is no archive.
  private static let head = Array("simulated snapshot\n".utf8)

  var name: String
  /// Seconds since 1970.
  var created: Double
  var bytes: [UInt8]
  /// Whether a file with the checksum lies beside it, as it does not beside an uploaded one.
  var hasChecksum = true

  /// Lower-case SHA-256 of the content.
  var checksum: String { SnapshotFile.checksum(of: bytes) }

  static func checksum(of bytes: [UInt8]) -> String {
    var output = [UInt8](repeating: 0, count: 32)
    _ = SHA256(bytes, bytes.count, &output)
    return output.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// A file that holds a document.
  static func bytes(of document: JSONValue) -> [UInt8] { head + document.bytes() }

  /// The document in a file; nil when it is no archive.
  static func document(in bytes: [UInt8]) -> JSONValue? {
    guard bytes.starts(with: head) else { return nil }
    do throws(JSONError) {
      return try JSONParser.parse(Array(bytes.dropFirst(head.count)))
    } catch { return nil }
  }

  /// How lists show it.
  var description: JSONValue {
    var object: JSONObject = [
      "name": .string(name),
      "creation_time": .string(String(ClockText.rfc3339(created).prefix(19))),
      "size": .integer(bytes.count),
    ]
    if hasChecksum { object["checksum"] = .string(checksum) }
    return .object(object)
  }

  /// The file as a part of the exported state.
  var state: JSONValue {
    [
      "name": .string(name), "created": .double(created),
      "content": .string(String(decoding: bytes, as: UTF8.self)),
      "has_checksum": .bool(hasChecksum),
    ]
  }

  init(name: String, created: Double, bytes: [UInt8], hasChecksum: Bool = true) {
    self.name = name
    self.created = created
    self.bytes = bytes
    self.hasChecksum = hasChecksum
  }

  init(state: JSONValue) throws(SimulatedStateError) {
    guard let name = state["name"]?.string, let content = state["content"]?.string else {
      throw SimulatedStateError(path: "snapshots")
    }
    self.init(
      name: name, created: state["created"]?.double ?? 0, bytes: Array(content.utf8),
      hasChecksum: state["has_checksum"]?.bool ?? true)
  }
}

/// Where snapshots lie, below the server's folder for them.
struct SnapshotFolder: Sendable, Hashable {
  /// The folder of the server, as its image lays it out.
  static let root = "/qdrant"

  var path: String

  static let storage = SnapshotFolder(path: "")
  static func collection(_ key: ExactString) -> SnapshotFolder {
    SnapshotFolder(path: "/" + key.string)
  }
  static func shard(_ shard: String, of key: ExactString) -> SnapshotFolder {
    SnapshotFolder(path: "/\(key.string)/shards/\(shard)")
  }

  /// The path as messages show it.
  var text: String { SnapshotFolder.root + "/snapshots" + path }

  static func == (left: SnapshotFolder, right: SnapshotFolder) -> Bool {
    left.path.hasSameBytes(as: right.path)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(ExactString(path)) }
}
