import SimulatedQdrant
import TestSupport

/// Ways to spoil a request.
struct Mutation {
  private static let words: [[UInt8]] = [
    "null", "true", "-1", "0", "1e309", "-0.0", "18446744073709551616", "9223372036854775807", "[]",
    "{}", "\"\"", "\"\\ud800\"", "\"\u{0}\"", "[[[[[[[[", "{\"a\":", "NaN", "1.5", "\"default\"",
    "../..", "%00", "%2F", "%", "?", "&", "=", "*", "4294967296",
  ].map { Array($0.utf8) }

  /// Parts of other requests, so that what is good in one place stands in another.
  private var seen: [[UInt8]] = []

  /// Spoils a request in one to four ways.
  mutating func spoil(
    _ request: SimulatedRequest, _ random: inout SeededRandom
  ) -> SimulatedRequest {
    var body = request.body
    var target = Array(request.target.utf8)
    var method = request.method
    var headers = request.headers
    remember(body, &random)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        method =
          ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "X"].randomElement(using: &random)
          ?? "GET"
      case 1: headers = headers.filter { _ in random.chance(0.5) }
      case 2:
        headers = headers.map { header in
          var value = Array(header.value.utf8)
          change(&value, &random)
          return (header.name, String(decoding: value, as: UTF8.self))
        }
      case 3...6: change(&target, &random)
      default: change(&body, &random)
      }
    }
    return SimulatedRequest(
      method: method, target: String(decoding: target, as: UTF8.self), headers: headers, body: body)
  }

  private mutating func remember(_ body: [UInt8], _ random: inout SeededRandom) {
    guard body.count > 2 else { return }
    if seen.count < 500 {
      seen.append(body)
    } else {
      seen[Int.random(in: 0..<seen.count, using: &random)] = body
    }
  }

  private func change(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...8, using: &random))
    switch Int.random(in: 0..<8, using: &random) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
    case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 4:
      bytes.replaceSubrange(place..<end, with: Mutation.words.randomElement(using: &random) ?? [])
    case 5: value(&bytes, from: place, &random)
    case 6: bytes.removeSubrange(place...)
    default: splice(&bytes, at: place, &random)
    }
  }

  /// Puts a word in the place of a value: what stands between a colon or comma and the next one.
  private func value(_ bytes: inout [UInt8], from place: Int, _ random: inout SeededRandom) {
    func isEdge(_ byte: UInt8) -> Bool { ":,[]{}/".utf8.contains(byte) }
    guard let start = bytes[place...].firstIndex(where: isEdge) else { return }
    let end = bytes[(start + 1)...].firstIndex(where: isEdge) ?? bytes.count
    bytes.replaceSubrange(
      (start + 1)..<end, with: Mutation.words.randomElement(using: &random) ?? [])
  }

  private func splice(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededRandom) {
    guard let other = seen.randomElement(using: &random), !other.isEmpty else { return }
    let start = Int.random(in: 0..<other.count, using: &random)
    let end = min(other.count, start + Int.random(in: 1...40, using: &random))
    bytes.insert(contentsOf: other[start..<end], at: place)
  }
}
