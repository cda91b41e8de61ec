package import ResourceModel

extension Step {
  /// The most points that may go with what the step deletes; nil when it is not about points.
  package var pointsLimit: Int? {
    before.lazy.compactMap { fact in
      if case .pointsAtMost(let limit) = fact.expectation { limit } else { nil }
    }.first
  }

  /// Consents to losing so many points with what the step deletes.
  package mutating func acceptLoss(of limit: Int) {
    for index in before.indices {
      if case .pointsAtMost = before[index].expectation {
        before[index].expectation = .pointsAtMost(limit)
      }
    }
  }
}

extension Plan {
  /// Holds a plan of inverses against the points that what it deletes has got since: without
  /// consent the deletion is refused, and with it there is no way back from it.
  ///
  /// - Parameters:
  ///   - points: as counted just now, by collection.
  ///   - accepted: the consent, by address without the cluster.
  package mutating func holdLoss(points: [ResourceAddress: Int], accepted: [String: Int]) {
    for index in steps.indices.reversed() {
      let address = steps[index].address
      guard steps[index].pointsLimit != nil, let count = points[address], count > 0 else {
        continue
      }
      let limit = accepted[address.local]
      guard let limit, count <= limit else {
        refusals.append(
          Messages.loss(address, points: count, accepted: limit, steps[index].position))
        totals.refused += 1
        steps.remove(at: index)
        continue
      }
      steps[index].acceptLoss(of: limit)
      steps[index].inverse = nil
      steps[index].stepClass = .none
      steps[index].phase = .irreversible
      steps[index].note = "\(count) points that were written since are lost"
    }
  }
}
