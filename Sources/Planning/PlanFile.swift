import JSON
import ResourceModel

/// A plan as a file: canonical JSON with two digests, no secret in it.
///
/// The digest of the essence is the plan's id: the same manifests in other files give the same
/// bytes. The second digest covers the origin, too, so that nothing in the file can be altered
/// unseen.
package enum PlanFile {
  /// The format that this version writes and reads.
  package static let format = 1
  /// What tells a plan file from any other JSON.
  package static let maker = "qdrant-plan"

  /// Why a file is no plan that can be used.
  package enum Problem: Error, Sendable, Hashable {
    /// No JSON, or cut short; the text says where.
    case unreadable(String)
    /// JSON, but not made by `qdrant-plan`.
    case notAPlan
    case format(Int)
    /// The digest of that section does not match its contents.
    case digest(section: String)
    case malformed(place: String)
  }

  /// The id: SHA-256 of the essence, 64 hexadecimal digits.
  package static func id(of plan: Plan) -> String {
    Digest.hex(PlanEncoding.essence(plan).canonicalBytes())
  }

  /// The whole file.
  package static func bytes(of plan: Plan) -> [UInt8] {
    let essence = PlanEncoding.essence(plan)
    let origin = PlanEncoding.origin(plan)
    let file: JSONValue = [
      "made_by": .string(maker), "format": .integer(format), "essence": essence,
      "origin": origin, "digests": digests(essence, origin),
    ]
    return file.canonicalIndentedBytes() + [UInt8(ascii: "\n")]
  }

  /// Whether a text claims to be a plan file: a JSON object made by `qdrant-plan`.
  package static func isPlan(_ bytes: [UInt8]) -> Bool {
    (try? JSONParser.parse(bytes))?["made_by"]?.string == maker
  }

  /// The plan in a file; every byte of it is covered by the digests.
  package static func read(_ bytes: [UInt8]) throws(Problem) -> Plan {
    let file: JSONValue
    do throws(JSONError) { file = try JSONParser.parse(bytes) } catch {
      throw .unreadable(error.description)
    }
    guard file["made_by"]?.string == maker else { throw .notAPlan }
    guard let format = file["format"]?.integer, format == PlanFile.format else {
      throw .format(file["format"]?.integer ?? 0)
    }
    guard let essence = file["essence"], let origin = file["origin"], file.object?.count == 5 else {
      throw .malformed(place: "the top level")
    }
    let expected = digests(essence, origin)
    guard file["digests"]?["essence"] == expected["essence"] else {
      throw .digest(section: "essence")
    }
    guard file["digests"] == expected else { throw .digest(section: "origin") }
    let plan: Plan
    do throws(PlanDecoder.Malformed) {
      plan = try PlanDecoder().plan(essence: essence, origin: origin)
    } catch {
      throw .malformed(place: error.place)
    }
    guard PlanFile.bytes(of: plan) == bytes else {
      throw .malformed(place: "its layout: the bytes are not those that were written")
    }
    return plan
  }

  private static func digests(_ essence: JSONValue, _ origin: JSONValue) -> JSONValue {
    let bytes = essence.canonicalBytes()
    return [
      "all": .string(Digest.hex(bytes + [0] + origin.canonicalBytes())),
      "essence": .string(Digest.hex(bytes)),
    ]
  }
}
