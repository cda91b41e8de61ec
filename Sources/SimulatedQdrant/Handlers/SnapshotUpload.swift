import JSON

extension SimulatedServer {
  private static let plainText = "text/plain; charset=utf-8"

  /// `POST …/snapshots/upload` for a collection or one of its shards.
  mutating func uploadSnapshot(
    _ call: Call, _ name: String, shard: String?
  ) throws(Refusal) -> Reply {
    if shard == nil { try NameRule.checkNewCollection(name, configuration.behaviours) }
    if let priority = call.target.value("priority"), Shapes.priority.canonical(priority) == nil {
      throw call.query(Shapes.priority.refusal(priority).message)
    }
    let checksum = call.target.value("checksum")
    if let checksum, let complaint = Shapes.complaint(aboutChecksum: checksum) {
      throw .invalid(
        "query parameters", [Violation(path: ["checksum"], message: complaint)])
    }
    let type = call.header("content-type") ?? ""
    guard type.hasPrefix("multipart/form-data"), let mark = type.firstRange(of: "boundary=") else {
      return .plain(
        status: 415, type: SimulatedServer.plainText, text: configuration.behaviours.noFormText)
    }
    let boundary = type[mark.upperBound...].filter { $0 != "\"" }
    let form = MultipartForm(call.request.body, boundary: String(boundary))
    guard let part = form.part("snapshot") else {
      return .plain(
        status: 400, type: SimulatedServer.plainText, text: "Required field is missing: snapshot")
    }
    return try waiting(call) { (server) throws(Refusal) in
      try server.take(part, call, name, shard, checksum)
    }
  }

  private mutating func take(
    _ part: MultipartForm.Part, _ call: Call, _ name: String, _ shard: String?,
    _ checksum: String?
  ) throws(Refusal) -> Reply {
    let found = SnapshotFile.checksum(of: part.content)
    if let checksum, checksum.lowercased() != found {
      throw .badRequest("Checksum mismatch: expected \(found), actual \(checksum)", bare: true)
    }
    if let shard {
      try checkShard(shard, of: name)
      let archive = Archive(
        bytes: part.content, path: SnapshotFolder.root + "/temp/tmp/upload/.tmpXXXXXX")
      try restoreShard(shard, of: try resolve(name), from: archive, now: call.now)
      return .result(.null)
    }
    let fileName = part.fileName ?? "upload.snapshot"
    let archive = Archive(
      bytes: part.content, path: SnapshotFolder.storage.text + "/\(name)/\(fileName)")
    try recover(name, from: archive, now: call.now)
    let file = SnapshotFile(
      name: fileName, created: call.now, bytes: part.content,
      hasChecksum: false)
    let key = aliases[ExactString(name)] ?? ExactString(name)
    if snapshot(file.name, .collection(key)) == nil { _ = store(file, .collection(key)) }
    return .true
  }
}

/// The parts of a body of the type `multipart/form-data`.
struct MultipartForm {
  /// A named field.
  struct Part {
    var name: String
    var fileName: String?
    var content: [UInt8]
  }

  private var parts: [Part] = []

  init(_ body: [UInt8], boundary: String) {
    let mark = Array(("--" + boundary).utf8)
    guard mark.count > 2 else { return }
    var places: [Int] = []
    var index = 0
    while index + mark.count <= body.count {
      if body[index] == mark[0], body[index...].starts(with: mark) {
        places.append(index)
        index += mark.count
      } else {
        index += 1
      }
    }
    for (start, end) in zip(places, places.dropFirst()) {
      if let part = MultipartForm.part(body[(start + mark.count)..<end]) { parts.append(part) }
    }
  }

  func part(_ name: String) -> Part? { parts.first { $0.name == name } }

  private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
    let gap = Array("\r\n\r\n".utf8)
    var index = bytes.startIndex
    while index + gap.count <= bytes.endIndex, !bytes[index...].starts(with: gap) { index += 1 }
    guard index + gap.count <= bytes.endIndex else { return nil }
    let head = String(decoding: bytes[..<index], as: UTF8.self)
    let content = bytes[(index + gap.count)...].dropLast(2)
    guard let name = value("name", in: head) else { return nil }
    return Part(name: name, fileName: value("filename", in: head), content: Array(content))
  }

  private static func value(_ name: String, in head: String) -> String? {
    guard let start = head.firstRange(of: " \(name)=\"")?.upperBound,
      let end = head[start...].firstIndex(of: "\"")
    else { return nil }
    return String(head[start..<end])
  }
}
