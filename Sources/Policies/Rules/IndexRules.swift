import JSON
import ResourceModel

/// Payload indexes: which there are, and how they are made.
enum IndexRules {
  static let all: [any PolicyRule] = [
    UnindexedTenantField(), TenantIndexMarked(), PayloadIndexesAtMost(), DoubleIndex(),
    PayloadIndexTypesAllowed(), TextIndexTokenizer(), TextIndexLowercase(), PayloadIndexOnDisk(),
    PayloadIndexesDeclared(),
  ]

  /// The names of payload fields as a parameter.
  static func fields(_ standard: [String], _ summary: String) -> PolicyParameter {
    PolicyParameter(
      "fields", .list(.text(bytes: 1...255)), standard: .array(standard.map { .string($0) }),
      summary)
  }
}

extension DesiredResource {
  /// The edit that gives a field of a payload index a value.
  func edit(
    index: DesiredResource, _ key: String, _ value: JSONValue, instead field: DesiredField? = nil
  ) -> ManifestEdit {
    var edit = edit(
      FieldPath(["payload_indexes", index.address.name, ExactString(key)]), value, instead: field,
      existing: 2)
    edit.shortField = "type"
    return edit
  }
}

/// A collection whose graph or whose policy speaks of tenants, and no index for them.
struct UnindexedTenantField: CollectionRule {
  let spec = PolicyRuleSpec(
    "P011", "no-unindexed-tenant-field",
    parameters: [
      IndexRules.fields([], "Fields that every collection must have an index for.")
    ],
    "Fields that requests are confined to have a payload index.",
    """
    A filter on a field without an index is checked point by point, and the graph gets no extra \
    edges for it. The usual layout for many tenants (hnsw_config with m: 0 and payload_m above \
    0) builds graphs for indexed payload fields only: without any payload index such a \
    collection builds no graph at all, and every search scans. The rule demands an index there, \
    and in every collection for each of the fields that it names.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let indexes = collection.presentChildren(.index)
    let names = Set(indexes.map(\.address.name))
    let place = collection.provenance(ofList: .index) ?? collection.provenance
    var found = settings.texts("fields").filter { !names.contains(ExactString($0)) }.map { field in
      PolicyViolation(
        collection.address, at: place, "expected a payload index on '\(field)', found none",
        hint: "for example payload_indexes: {\(field): {type: keyword, is_tenant: true}}")
    }
    if let m = collection.field(FieldPath("hnsw_config.m")), m.value.integer == 0,
      let payload = collection.field(FieldPath("hnsw_config.payload_m"))?.value.integer,
      payload > 0, indexes.isEmpty
    {
      found.append(
        PolicyViolation(
          collection.address, path: m.path, at: m.provenance,
          "expected a payload index beside m: 0 with payload_m: \(payload), found none",
          hint: "declare the index of the tenant's field"))
    }
    return found
  }
}

/// The tenant's index without `is_tenant`.
struct TenantIndexMarked: CollectionRule {
  let spec = PolicyRuleSpec(
    "P012", "tenant-index-marked",
    parameters: [
      IndexRules.fields(["tenant_id", "group_id"], "The names that tenants' fields have.")
    ], hasFix: true,
    "The index of a tenant's field says is_tenant.",
    """
    With is_tenant the optimizer keeps the points of one tenant together, so that a search \
    within a tenant reads few pages. Without it they are spread over the whole segment. Only \
    keyword and uuid indexes know the key (others drop it with status 200), and it takes effect \
    as segments are optimized. A collection that has marked another field is left alone: data \
    can be laid out by one.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let indexes = collection.presentChildren(.index)
    let path = FieldPath("is_tenant")
    if indexes.contains(where: { $0.field(path)?.value == true }) { return [] }
    let fields = Set(settings.texts("fields").map { ExactString($0) })
    return indexes.compactMap { index in
      guard fields.contains(index.address.name),
        let type = index.field(FieldPath("type"))?.value.string, ["keyword", "uuid"].contains(type)
      else { return nil }
      let field = index.field(path)
      return PolicyViolation(
        index.address, path: path, at: field?.provenance ?? index.provenance,
        "expected is_tenant: true on the index of a tenant's field, found "
          + (field.map { $0.value.text() } ?? "nothing"),
        fix: collection.edit(index: index, "is_tenant", true, instead: field))
    }
  }
}

/// More indexes than a policy allows.
struct PayloadIndexesAtMost: CollectionRule {
  let spec = PolicyRuleSpec(
    "P013", "payload-indexes-at-most",
    parameters: [
      PolicyParameter("max", .integer(0...10000), standard: 32, "The most indexes of a collection.")
    ],
    "No collection has more payload indexes than that.",
    """
    Every payload index is held in memory unless it says on_disk, is written with every point, \
    and with payload_m (by default that of m) gets edges of its own in every graph, which makes \
    optimizing slower. An index that no request filters by only costs.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let most = settings.integer("max")
    let indexes = collection.presentChildren(.index).sorted { $0.span < $1.span }
    guard indexes.count > most else { return [] }
    return [
      PolicyViolation(
        collection.address, at: indexes[most].provenance,
        "expected at most \(most) payload indexes, found \(indexes.count)",
        hint: "this is the first one beyond the limit")
    ]
  }
}

/// The same values under two spellings of a path.
struct DoubleIndex: CollectionRule {
  let spec = PolicyRuleSpec(
    "P014", "no-double-index", .warning,
    "No payload index repeats another one.",
    """
    An index on a field takes every element of a list that stands there, so that an index on \
    tags and one on tags[] hold the same values. Qdrant keeps the two as separate indexes: twice \
    the memory, and twice the work at every write.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let indexes = collection.presentChildren(.index)
    let names = Set(indexes.map(\.address.name))
    return indexes.compactMap { index in
      let name = index.address.name.string
      guard name.hasSuffix("[]"), names.contains(ExactString(String(name.dropLast(2)))) else {
        return nil
      }
      return PolicyViolation(
        index.address, at: index.provenance,
        "expected one index for the values of '\(name.dropLast(2))', "
          + "found a second one on '\(name)'"
      )
    }
  }
}

/// A type of index that the policy does not list.
struct PayloadIndexTypesAllowed: CollectionRule {
  private static let types = [
    "keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid",
  ]

  let spec = PolicyRuleSpec(
    "P015", "payload-index-types-allowed",
    parameters: [
      PolicyParameter("allowed", .list(.oneOf(types)), "The types that an index may have.")
    ],
    "Payload indexes have one of these types.",
    """
    A keyword index on a field of UUIDs takes several times the memory of a uuid index, and a \
    text index costs more than all others to build. A list of types is how a team keeps to what \
    its requests need. The type can be changed: the index is then built anew, and filters on the \
    field are slow until it is done.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let demand = Demand.oneOf("allowed")
    return collection.presentChildren(.index).compactMap { index in
      guard let type = index.field(FieldPath("type")),
        !demand.isSatisfied(by: type.value, settings)
      else { return nil }
      return PolicyViolation(
        index.address, path: type.path, at: type.provenance,
        "expected an index of type \(demand.words(settings)), found \(type.value.string ?? "?")")
    }
  }
}
