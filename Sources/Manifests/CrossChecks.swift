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
    let places = collections.map { (name: $0.address.collection, span: $0.span) }
    for (name, place) in places.sorted(by: { $0.span < $1.span }) {
      // Strings are equal when they are canonically equivalent, which is what is asked here.
      if let (other, span) = canonical[name.string] {
        if other == name {
          findings.add(
            Messages.duplicateResource(
              "collection " + Messages.quoted(name.string), at: place, first: span))
        } else {
          findings.add(Messages.lookAlikeNames(name.string, at: place, first: span))
        }
        continue
      }
      canonical[name.string] = (name, place)
      let lower = name.string.lowercased()
      if let span = folded[lower] {
        findings.add(Messages.namesDifferInCase(name.string, at: place, first: span))
      } else {
        folded[lower] = place
      }
    }
  }

  private mutating func aliases(_ collections: ArraySlice<DesiredResource>, _ cluster: String) {
    var names: [ExactString: SourceSpan] = [:]
    for collection in collections where collection.isPresent {
      names[collection.address.collection] = collection.span
    }
    var claimed: [(name: ExactString, span: SourceSpan)] = []
    for index in collections.indices {
      for child in collections[index].children.indices {
        let alias = collections[index].children[child]
        if alias.address.kind == .alias, alias.isPresent {
          claimed.append((alias.address.name, alias.span))
        }
      }
    }
    claimed.sort { $0.span < $1.span }
    var seen: [ExactString: SourceSpan] = [:]
    for (name, span) in claimed {
      if let collection = names[name] {
        findings.add(
          Messages.aliasIsCollection(name.string, at: span, collection: collection))
      }
      if let first = seen[name] {
        findings.add(
          Messages.aliasTwice(name.string, cluster: cluster, at: span, first: first))
      } else {
        seen[name] = span
      }
    }
  }
}
