import Diagnostics
import JSON
import ResourceModel

/// Aliases, metadata, and how collections go.
enum LifeRules {
  static let all: [any PolicyRule] = [
    AliasRequired(), MetadataRequired(), DeletionForbidden(), NoDirectDeletion(),
    NoRecreation(), NoRemovalByOmission(), NoIgnoredFields(), NoDataRemoval(),
  ]
}

/// A collection that applications know by its own name.
struct AliasRequired: CollectionRule {
  let spec = PolicyRuleSpec(
    "P071", "alias-required", .warning,
    "Every collection is served through an alias.",
    """
    An alias is switched from one collection to another in one request, without a failed read \
    (measured). An application that uses the collection's own name cannot be moved like that: an \
    alias of that name cannot be made while the collection is there.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard collection.presentChildren(.alias).isEmpty else { return [] }
    return [
      PolicyViolation(
        collection.address, at: collection.provenance(ofList: .alias) ?? collection.provenance,
        "expected an alias, found none", hint: "for example aliases: [a-name-for-applications]")
    ]
  }
}

/// A collection that nobody answers for.
struct MetadataRequired: CollectionRule {
  let spec = PolicyRuleSpec(
    "P072", "metadata-required",
    parameters: [
      PolicyParameter(
        "keys", .list(.text(bytes: 1...255)), standard: ["owner"], "The keys that must be there.")
    ],
    "Every collection says these keys in its metadata.",
    """
    metadata is what a collection says about itself on the server (from 1.16 on): whoever finds \
    it during an incident sees whose it is without this repository. A null takes a key away, and \
    counts as missing.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    settings.texts("keys").compactMap { key in
      let path = FieldPath(["metadata", ExactString(key)])
      let field = collection.field(path)
      guard field?.value.isNull ?? true else { return nil }
      return PolicyViolation(
        collection.address, path: path, at: field?.provenance ?? collection.provenance,
        "expected \(path), found nothing")
    }
  }
}

/// A collection that may be deleted.
struct DeletionForbidden: CollectionRule {
  let spec = PolicyRuleSpec(
    "P073", "deletion-forbidden", hasFix: true,
    "Every collection has lifecycle.on_delete: forbid.",
    """
    A deletion on a server is at once and for good, and takes the aliases along. With on_delete: \
    forbid a plan refuses it, so that it takes two changes of the manifests, each of them \
    reviewed.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard collection.lifecycle.onDelete != .forbid else { return [] }
    return [
      collection.lifecycleViolation(
        "on_delete", collection.lifecycle.onDelete.rawValue, wanted: "forbid")
    ]
  }
}

/// `on_delete: delete`: nothing is kept.
struct NoDirectDeletion: PolicyRule {
  let spec = PolicyRuleSpec(
    "P074", "no-direct-deletion", .error,
    "No collection has lifecycle.on_delete: delete.",
    """
    With on_delete: delete a collection that is declared absent goes at once, with all of its \
    points; no snapshot is made. The rule looks at collections that are to be absent as well.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    input.collections.filter { $0.lifecycle.onDelete == .delete }.map { collection in
      PolicyViolation(
        collection.address, path: FieldPath("lifecycle.on_delete"),
        at: collection.lifecycle.provenance(of: "on_delete") ?? collection.provenance,
        "expected on_delete to be other than delete, found delete")
    }
  }
}

/// `on_replace: recreate`: an immutable change deletes first.
struct NoRecreation: CollectionRule {
  let spec = PolicyRuleSpec(
    "P075", "no-recreation", hasFix: true,
    "No collection has lifecycle.on_replace: recreate.",
    """
    The size and measure of vectors, the shards and the write-ahead log are fixed when a \
    collection is made. recreate answers a change of them by deleting the collection with its \
    points, and reads fail until it is filled again.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard collection.lifecycle.onReplace == .recreate else { return [] }
    return [collection.lifecycleViolation("on_replace", "recreate", wanted: "forbid")]
  }
}

/// Lists that take away what they do not name.
struct NoRemovalByOmission: CollectionRule {
  let spec = PolicyRuleSpec(
    "P076", "no-removal-by-omission", .warning, hasFix: true,
    "Collections that list indexes or aliases have lifecycle.unlisted: keep.",
    """
    payload_indexes and aliases are complete lists: an index that is live and not listed is \
    removed by the next plan, and requests that strict mode confines to indexed fields then \
    fail. With unlisted: keep what is not listed stays.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let lists = [ResourceKind.index, .alias].contains { collection.listedChildren[$0] != nil }
    guard lists, collection.lifecycle.unlisted != .keep else { return [] }
    return [collection.lifecycleViolation("unlisted", "remove", wanted: "keep")]
  }
}

/// Fields whose drift nobody sees.
struct NoIgnoredFields: CollectionRule {
  let spec = PolicyRuleSpec(
    "P077", "no-ignored-fields", .warning,
    "No collection has fields in lifecycle.ignore.",
    """
    What is ignored is written when the collection is made and never compared again: whatever \
    the server says later counts as in sync. It is meant for fields that another tool moves.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    guard let first = collection.lifecycle.ignore.first else { return [] }
    return [
      PolicyViolation(
        collection.address, path: FieldPath("lifecycle.ignore"),
        at: collection.lifecycle.provenance(of: "ignore") ?? collection.provenance,
        "expected no ignored fields, found \(first)")
    ]
  }
}

/// Manifests that take points away.
struct NoDataRemoval: PolicyRule {
  let spec = PolicyRuleSpec(
    "P078", "no-data-removal", .error,
    "Nothing that holds points is declared absent.",
    """
    Collections, vectors and shard keys hold data and go only by name: state: absent, or the \
    word absent for a vector. Dropping a vector or a shard key on a server is as final as a \
    deletion.
    """)

  func violations(_ input: PolicyInput, _ settings: PolicySettings) -> [PolicyViolation] {
    input.collections.flatMap { collection -> [PolicyViolation] in
      if !collection.isPresent {
        return [
          PolicyViolation(
            collection.address, path: FieldPath("lifecycle.state"),
            at: collection.lifecycle.provenance(of: "state") ?? collection.provenance,
            "expected the collection to be present, found absent")
        ]
      }
      let vectors = collection.elements.filter { !$0.isPresent }.map { vector in
        PolicyViolation(
          vector.address(in: collection.address), path: vector.path, at: vector.provenance,
          "expected \(vector.title) to be present, found absent")
      }
      let keys = collection.children.filter { $0.address.kind == .shardKey && !$0.isPresent }
      return vectors
        + keys.map { key in
          PolicyViolation(
            key.address, at: key.provenance,
            "expected shard key \(key.address.name) to be present, found absent")
        }
    }
  }
}

extension DesiredResource {
  /// A word of `lifecycle` that should be another one.
  fileprivate func lifecycleViolation(
    _ key: String, _ found: String, wanted: String
  ) -> PolicyViolation {
    let path = FieldPath("lifecycle." + key)
    let said = lifecycle.written.first { $0.path == FieldPath(key) }
    return PolicyViolation(
      address, path: path, at: said?.provenance ?? provenance,
      "expected \(key) to be \(wanted), found \(found)",
      fix: edit(path, .string(wanted), instead: said))
  }
}
