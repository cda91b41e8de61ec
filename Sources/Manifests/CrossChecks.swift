import Diagnostics
import JSON
import ResourceModel

/// What must hold between the collections of one cluster.
struct CrossChecks {
  var findings: Findings

  init(_ findings: Findings) { self.findings = findings }

  /// Checks collections that are sorted by address.
  mutating func check(_ collections: [DesiredResource]) {
    var start = 0
    while start < collections.count {
      var end = start
      let cluster = collections[start].address.cluster
      while end < collections.count, collections[end].address.cluster.hasSameBytes(as: cluster) {
        end += 1
      }
      names(collections[start..<end])
      aliases(collections[start..<end], cluster)
      start = end
    }
  }

  /// Names that stand twice, look alike, or differ in case only.
  private mutating func names(_ collections: ArraySlice<DesiredResource>) {
    var canonical: [String: (ExactString, SourceSpan)] = [:]
    var folded: [String: SourceSpan] = [:]
    canonical.reserveCapacity(collections.count)
    folded.reserveCapacity(collections.count)
    for collection in collections.sorted(by: { $0.span < $1.span }) {
      let name = collection.address.collection
      // Strings are equal when they are canonically equivalent, which is what is asked here.
      if let (other, span) = canonical[name.string] {
        if other == name {
          findings.add(
            Messages.duplicateResource(
              "collection " + Messages.quoted(name.string), at: collection.span, first: span))
        } else {
          findings.add(Messages.lookAlikeNames(name.string, at: collection.span, first: span))
        }
        continue
      }
      canonical[name.string] = (name, collection.span)
      let lower = name.string.lowercased()
      if let span = folded[lower] {
        findings.add(Messages.namesDifferInCase(name.string, at: collection.span, first: span))
      } else {
        folded[lower] = collection.span
      }
    }
  }

  private mutating func aliases(_ collections: ArraySlice<DesiredResource>, _ cluster: String) {
    var names: [ExactString: SourceSpan] = [:]
    for collection in collections where collection.isPresent {
      names[collection.address.collection] = collection.span
    }
    let claimed = collections.flatMap { collection in
      collection.children.filter { $0.address.kind == .alias && $0.isPresent }
    }.sorted { $0.span < $1.span }
    var seen: [ExactString: SourceSpan] = [:]
    for alias in claimed {
      let name = alias.address.name
      if let collection = names[name] {
        findings.add(
          Messages.aliasIsCollection(name.string, at: alias.span, collection: collection))
      }
      if let first = seen[name] {
        findings.add(
          Messages.aliasTwice(name.string, cluster: cluster, at: alias.span, first: first))
      } else {
        seen[name] = alias.span
      }
    }
  }
}
