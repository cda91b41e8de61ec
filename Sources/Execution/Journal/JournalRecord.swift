internal import Planning
package import JSON

/// One record of a journal, as it was verified.
package struct JournalRecord: Sendable, Hashable {
  /// Its place, from 1.
  package var number: Int
  /// When the writer says it was written; an annotation that decides nothing.
  package var time: String
  /// What it says.
  package var entry: JSONObject

  package init(number: Int, time: String, entry: JSONObject) {
    self.number = number
    self.time = time
    self.entry = entry
  }
}

/// How a record stands in the file: one line of JSON that ends with the hash of what precedes it.
///
///     {"n":1,"prev":"000…","time":"…","format":1,"entry":{…},"hash":"9c1f…"}
///
/// `prev` is the hash of the line before (64 zeros for the first), `format` stands in the first
/// line only. The hash is SHA-256 over the *bytes* of the line up to `,"hash":`, so that a reader
/// checks what is there and not what it would have written.
enum JournalLine {
  /// The format that is written, and the only one that is read.
  static let format = 1
  /// Bytes of the longest line, its newline included.
  static let longest = 1 << 20
  /// What the first record follows.
  static let noHash = String(repeating: "0", count: 64)

  private static let hashKey = Array(",\"hash\":\"".utf8)
  private static let ending = Array("\"}".utf8)

  /// The line of a record, its newline included, with its hash.
  static func encode(_ record: JournalRecord, after previous: String) -> (line: [UInt8], String) {
    var object: JSONObject = [
      "n": .integer(record.number), "prev": .string(previous), "time": .string(record.time),
    ]
    if record.number == 1 { object["format"] = .integer(format) }
    object["entry"] = .object(record.entry)
    var line = JSONValue.object(object).bytes()
    line.removeLast()
    let hash = Digest.hex(line)
    line += hashKey + Array(hash.utf8) + ending
    line.append(UInt8(ascii: "\n"))
    return (line, hash)
  }

  /// The record of a line without its newline, with its hash, when everything about it is right.
  static func decode(
    _ line: [UInt8], number: Int, after previous: String
  ) throws(JournalDamage.Reason) -> (JournalRecord, hash: String) {
    guard line.count < longest else { throw .tooLong }
    if number == 1 { try checkFormat(line) }
    let tail = hashKey.count + 64 + ending.count
    guard line.count > tail, line.suffix(tail).starts(with: hashKey),
      line.suffix(ending.count).elementsEqual(ending)
    else { throw .noHash }
    let hash = Digest.hex(Array(line.dropLast(tail)))
    let stated = line.dropLast(ending.count).suffix(64)
    guard stated.elementsEqual(hash.utf8) else { throw .wrongHash }
    let object = try parse(line)
    guard let n = object["n"]?.integer, let prev = object["prev"]?.string,
      let time = object["time"]?.string, let entry = object["entry"]?.object
    else { throw .notARecord }
    guard n == number else { throw .wrongNumber(n) }
    guard prev.hasSameBytes(as: previous) else { throw .wrongPrevious }
    return (JournalRecord(number: n, time: time, entry: entry), hash)
  }

  /// The format is looked at before the hash, which another format may make differently.
  private static func checkFormat(_ line: [UInt8]) throws(JournalDamage.Reason) {
    guard let stated = try parse(line)["format"]?.integer, stated >= 1 else { throw .notARecord }
    guard stated <= format else { throw .newerFormat(stated) }
  }

  private static func parse(_ line: [UInt8]) throws(JournalDamage.Reason) -> JSONObject {
    let value: JSONValue
    do throws(JSONError) { value = try JSONParser.parse(line) } catch { throw .notJSON(error) }
    guard let object = value.object else { throw .notARecord }
    guard !value.hasDuplicateKeys else { throw .duplicateKey }
    return object
  }
}

extension JSONValue {
  /// Whether an object in it, at any depth, has a name twice.
  fileprivate var hasDuplicateKeys: Bool {
    switch self {
    case .null, .bool, .number, .string: false
    case .array(let elements): elements.contains { $0.hasDuplicateKeys }
    case .object(let object):
      Set(object.keys.map { ExactString($0) }).count < object.count
        || object.members.contains { $0.value.hasDuplicateKeys }
    }
  }
}
