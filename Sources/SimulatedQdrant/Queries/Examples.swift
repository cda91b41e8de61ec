import JSON

extension QueryRun {
  /// How points are scored by a query whose examples are found and brought to form.
  func scorer(of query: PointQuery) throws(Refusal) -> Scorer {
    guard collection.config.hasVector(query.using) else {
      throw .wrongInput(collection.config.complaint(aboutUnknown: query.using, behaviours))
    }
    switch query.kind {
    case .nearest(let example)?, .diverse(let example, _, _)?:
      return .nearest(try prepared(try vector(of: example, query), query))
    case .recommend(let positive, let negative, let strategy)?:
      let liked = try present(positive, query)
      let disliked = try present(negative, query)
      if strategy == .averageVector {
        let mean = try VectorValue.mean(of: liked)
        let wanted =
          disliked.isEmpty ? mean : try mean.away(from: VectorValue.mean(of: disliked))
        return .nearest(try prepared(wanted, query))
      }
      guard !liked.isEmpty || !disliked.isEmpty else { throw SimulatedServer.unknownQuery }
      let near = try prepared(liked, query)
      let far = try prepared(disliked, query)
      return strategy == .bestScore
        ? .bestScore(positive: near, negative: far) : .sumScores(positive: near, negative: far)
    case .discover(let target, let pairs)?:
      let wanted = try prepared(try vector(of: target, query), query)
      return .discover(target: wanted, try prepared(pairs, query))
    case .context(let pairs)?: return .context(try prepared(pairs, query))
    case .rated(let target, let ratings, let judgement)?:
      return try weighted(target, ratings, judgement, query)
    default: throw SimulatedServer.unknownQuery
    }
  }

  /// Every two examples of which one was rated higher are a pair, the heavier the farther apart
  /// their ratings are.
  private func weighted(
    _ target: PointQuery.Example, _ ratings: [PointQuery.Rating],
    _ judgement: PointQuery.Judgement, _ query: PointQuery
  ) throws(Refusal) -> Scorer {
    var known: [(vector: VectorValue, score: Float)] = []
    for rating in ratings {
      known.append((try prepared(try vector(of: rating.example, query), query), rating.score))
    }
    let pairs = known.flatMap { high in
      known.compactMap { low -> (pair: Scorer.Pair, weight: Float)? in
        guard high.score > low.score else { return nil }
        let lead = Exponential.power(Double(high.score - low.score), Double(judgement.power))
        return (
          Scorer.Pair(positive: high.vector, negative: low.vector),
          Float(lead) * judgement.factor
        )
      }
    }
    return .weighted(
      target: try prepared(try vector(of: target, query), query), judgement.target, pairs)
  }

  private func prepared(
    _ pairs: [PointQuery.Pair], _ query: PointQuery
  ) throws(Refusal) -> [Scorer.Pair] {
    var result: [Scorer.Pair] = []
    for pair in pairs {
      let positive = try prepared(try vector(of: pair.positive, query), query)
      let negative = try prepared(try vector(of: pair.negative, query), query)
      result.append(Scorer.Pair(positive: positive, negative: negative))
    }
    return result
  }

  private func prepared(
    _ vectors: [VectorValue], _ query: PointQuery
  ) throws(Refusal) -> [VectorValue] {
    var result: [VectorValue] = []
    for vector in vectors { result.append(try prepared(vector, query)) }
    return result
  }

  private func prepared(
    _ vector: VectorValue, _ query: PointQuery
  ) throws(Refusal) -> VectorValue {
    guard collection.config.hasVector(query.using) else {
      throw .wrongInput(collection.config.complaint(aboutUnknown: query.using, behaviours))
    }
    return try collection.config.prepared(vector, for: query.using)
  }

  /// The vector of an example that must have one.
  private func vector(
    of example: PointQuery.Example, _ query: PointQuery
  ) throws(Refusal) -> VectorValue {
    guard let found = try found(example, query) else {
      let name = RustText.debug(query.lookup?.vector ?? query.using)
      throw .notFound("Vector with name \(name) for point")
    }
    return found
  }

  /// The vectors of those examples that have one.
  private func present(
    _ examples: [PointQuery.Example], _ query: PointQuery
  ) throws(Refusal) -> [VectorValue] {
    var result: [VectorValue] = []
    for example in examples {
      if let vector = try found(example, query) { result.append(vector) }
    }
    return result
  }

  private func found(
    _ example: PointQuery.Example, _ query: PointQuery
  ) throws(Refusal) -> VectorValue? {
    switch example {
    case .vector(let json): return try collection.config.read(json, for: query.using)
    case .inferred: throw .service("Inference is not simulated")
    case .point(let id):
      let source =
        try query.lookup.map { place throws(Refusal) in
          try lookUp(place.collection)
        } ?? collection
      let vector = query.lookup?.vector ?? query.using
      guard source.config.hasVector(vector) else {
        throw .wrongInput(source.config.complaint(aboutUnknown: vector, behaviours))
      }
      guard let point = source.points[id] else {
        throw .notFound("No point with id \(id.text) found")
      }
      return point.vectors[vector]
    }
  }
}

extension CollectionConfig {
  /// Whether points may have a vector of that name.
  func hasVector(_ name: String) -> Bool {
    denseVectors[name] != nil || sparseVectors[name] != nil
  }
}

extension Collection {
  /// The best of some points that have the vector which is compared.
  func hits(
    _ ids: [PointID], _ scorer: Scorer, _ similarity: Similarity, _ limit: Int, threshold: Float?
  ) -> [Hit] {
    let weighted = weighted(scorer, similarity.name)
    let isRising = similarity.isRising || !scorer.isPlain
    var best = BestHits(limit, isRising: isRising)
    for id in ids {
      guard let point = points[id], let vector = point.vectors[similarity.name] else { continue }
      if case .nearest(.sparse(let wanted)) = weighted, case .sparse(let present) = vector,
        wanted.product(present) == nil
      {
        continue
      }
      var score = weighted.score { similarity.raw($0, vector) }
      if scorer.isPlain { score = similarity.shown(score) }
      if let threshold {
        guard similarity.isRising ? score > threshold : score < threshold else { continue }
      }
      best.add(Hit(id, version: point.version, score: score))
    }
    return best.sorted
  }

  /// Sparse examples with their values weighted by rarity, where the modifier `idf` asks for it.
  private func weighted(_ scorer: Scorer, _ name: String) -> Scorer {
    guard config.sparseVectors[name]?["modifier"]?.string == "idf" else { return scorer }
    var counts: [UInt32: Int] = [:]
    var total = 0
    for id in points.ids {
      guard case .sparse(let vector)? = points[id]?.vectors[name] else { continue }
      total += 1
      for index in vector.indices { counts[index, default: 0] += 1 }
    }
    return scorer.mapped { example in
      guard case .sparse(let vector) = example else { return example }
      return .sparse(
        vector.mapped { index, value in
          let count = Double(counts[index] ?? 0)
          return value * Float(Logarithm.natural((Double(total) - count + 0.5) / (count + 0.5) + 1))
        })
    }
  }
}
