import JSON
package import ResourceModel

/// Something that a collection's manifest asks for and no plan can do yet.
package struct UnbuiltPart: Sendable {
  /// When a plan refuses because of it.
  package enum Occasion: Sendable {
    case always
    /// The plan changes the collection.
    case changing
    /// The plan would make the collection anew.
    case replacing
    /// The collection is to be absent and is found.
    case removing
  }

  /// The code of the refusal.
  package static let code = "R401"

  package var what: String
  package var when: Occasion
  package var provenance: Provenance
  package var hint: String?

  /// The refusal in words.
  package var message: String { "\(what) is not built yet" }

  /// All of them, in the order in which they are written.
  package static func all(of desired: DesiredResource) -> [UnbuiltPart] {
    guard desired.isPresent else { return [deletion(of: desired)].compactMap(\.self) }
    return desired.lifecycle.later.compactMap { part in
      let when: Occasion
      switch part.key {
      case "gates":
        guard ManifestGates(part.value).hasMore else { return nil }
        when = .changing
      case "generations":
        guard part.value != .bool(false) else { return nil }
        when = .always
      default: when = .replacing
      }
      let hint = part.key == "gates" ? "only 'wait: green' and 'wait: replicas' are" : nil
      return UnbuiltPart(
        what: "'\(part.key)'", when: when, provenance: part.provenance, hint: hint)
    }
  }

  /// How a collection is to go, when that is not built; nil when it is.
  static func deletion(of desired: DesiredResource) -> UnbuiltPart? {
    switch desired.lifecycle.onDelete {
    case .delete, .forbid: return nil
    case .retire, .snapshot:
      return UnbuiltPart(
        what: "'on_delete: \(desired.lifecycle.onDelete.rawValue)'", when: .removing,
        provenance: desired.lifecycle.provenance(of: "on_delete") ?? desired.provenance,
        hint: "say 'on_delete: delete' if the collection may go at once")
    }
  }
}
