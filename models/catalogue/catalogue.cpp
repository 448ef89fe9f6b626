// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/catalogue.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "models/event/decimal.h"
#include "models/event/disclosure/disclosed_input.h"

namespace weir {

namespace {

/// Newest first; numbers before what is none, and no version at all last.
struct NewestFirst {
    bool operator()(const std::string& a, const std::string& b) const {
        const bool number = is_decimal(a);
        if (number != is_decimal(b))
            return number;
        const int order = number ? Decimal(b).compare(a) : 0; // as a is to b
        return order != 0 ? order > 0 : a > b;
    }
};

Standing standing_of(const Contract& contract, Micros now) {
    if (contract.removed_from && now >= *contract.removed_from)
        return Standing::Removed;
    if (contract.deprecated_from && now >= *contract.deprecated_from)
        return Standing::Deprecated;
    return Standing::Current;
}

class Maker {
  public:
    explicit Maker(const CatalogueParts& parts)
        : m_parts(parts)
        , m_out(std::make_shared<Catalogue>()) {}

    std::shared_ptr<const Catalogue> make() {
        m_out->contracts = m_parts.contracts;
        take_contracts();
        if (m_parts.vocabulary) {
            m_out->versions_kept = m_parts.vocabulary->dimension("schema_version") >= 0;
            m_out->counted = counted();
            for (const auto& lane : m_parts.counts)
                if (lane)
                    take_counts(*lane);
        }
        finish();
        return m_out;
    }

  private:
    struct Version {
        std::shared_ptr<const Contract> contract;
        std::map<std::pair<PlaceId, ValueId>, SeenAt> seen_at;
    };
    using Versions = std::map<std::string, Version, NewestFirst>;

    void take_contracts();
    Counted counted();
    bool is_entry(PlaceId place);
    Seen counted_of(const VersionCount& count);
    void take_counts(const VersionCountsSnapshot& lane);
    Version& version_of(const VersionCount& count);
    void finish();
    CatalogueVersion finished(const std::string& name, Version& version, bool type_known) const;
    std::string text(std::size_t dimension, ValueId id) const {
        return m_parts.vocabulary->dimensions[dimension]->text(id);
    }
    std::string text(const char* dimension, ValueId id) const {
        const int index = m_parts.vocabulary->dimension(dimension);
        return index < 0 ? std::string() : text(static_cast<std::size_t>(index), id);
    }
    std::string disclosed(const char* name, const std::string& value) const {
        return disclosed_text(*m_parts.disclosure, name, value);
    }

    const CatalogueParts& m_parts;
    const std::shared_ptr<Catalogue> m_out;
    std::map<std::string, Versions> m_types;
    std::map<std::pair<ValueId, ValueId>, Version*> m_known; // by type and version, as counted
    std::map<PlaceId, CataloguePlace> m_places;
    std::map<PlaceId, bool> m_entries; // whether it is one
};

void Maker::take_contracts() {
    if (!m_parts.contracts)
        return;
    for (const auto& contract : m_parts.contracts->contracts())
        m_types[contract->type][std::to_string(contract->version)].contract = contract;
    m_out->problems = m_parts.contracts->problems();
}

Maker::Version& Maker::version_of(const VersionCount& count) {
    const auto [known, fresh] = m_known.try_emplace({count.type, count.version}, nullptr);
    if (!fresh)
        return *known->second;
    std::string type = text(std::size_t{0}, count.type);
    std::string version = canonical_version(text("schema_version", count.version));
    // What a contract names is no secret of the event.
    if (m_types.find(type) == m_types.end())
        type = disclosed("type", type);
    Versions& versions = m_types[type];
    if (versions.find(version) == versions.end())
        version = disclosed("schema_version", version);
    known->second = &versions[version];
    return *known->second;
}

bool Maker::is_entry(PlaceId place) {
    const auto [known, fresh] = m_entries.try_emplace(place, false);
    if (fresh) {
        const std::string topic = m_parts.vocabulary->places->name(place);
        known->second = std::find(m_parts.entries.begin(), m_parts.entries.end(), topic) !=
                        m_parts.entries.end();
    }
    return known->second;
}

Counted Maker::counted() {
    if (m_parts.only)
        return Counted::AtPlace;
    for (const auto& lane : m_parts.counts)
        if (lane && std::any_of(lane->counts.begin(), lane->counts.end(),
                                [this](const VersionCount& c) { return is_entry(c.place); }))
            return Counted::ComingIn;
    return Counted::Everywhere;
}

/// Its part that is counted.
Seen Maker::counted_of(const VersionCount& count) {
    const bool refused_only = m_out->counted == Counted::ComingIn && !is_entry(count.place);
    if (m_parts.only && *m_parts.only != count.place)
        return {};
    if (refused_only)
        return {count.refused, count.refused, count.first_seen, count.last_seen};
    return {count.events, count.failed, count.first_seen, count.last_seen};
}

void Maker::take_counts(const VersionCountsSnapshot& lane) {
    m_out->left_out += lane.left_out;
    for (const VersionCount& count : lane.counts) {
        CataloguePlace& place = m_places[count.place];
        if (place.place == no_place) {
            place.place = count.place;
            place.connection = m_parts.vocabulary->places->connection(count.place);
            place.topic = m_parts.vocabulary->places->name(count.place);
        }
        place.events += count.events;
        const Seen seen = counted_of(count);
        if (seen.events == 0)
            continue;
        SeenAt& at = version_of(count).seen_at[{count.place, count.source}];
        if (at.place == no_place) {
            at.place = count.place;
            at.connection = place.connection;
            at.topic = place.topic;
            at.source = disclosed("source", text("source", count.source));
        }
        at.seen.add(seen);
    }
}

CatalogueVersion Maker::finished(const std::string& name, Version& version, bool type_known) const {
    CatalogueVersion out;
    out.version = name;
    out.contract = version.contract;
    if (version.contract)
        out.standing = standing_of(*version.contract, m_parts.now);
    else if (name.empty() && type_known)
        out.standing = Standing::Unversioned;
    for (auto& [key, at] : version.seen_at) {
        out.seen.add(at.seen);
        out.seen_at.push_back(std::move(at));
    }
    std::sort(out.seen_at.begin(), out.seen_at.end(), [](const SeenAt& a, const SeenAt& b) {
        return std::tie(a.connection, a.topic, a.source) <
               std::tie(b.connection, b.topic, b.source);
    });
    return out;
}

void Maker::finish() {
    std::vector<CatalogueType> known;
    for (auto& [name, versions] : m_types) {
        CatalogueType type;
        type.type = name;
        const bool has_contract = std::any_of(versions.begin(), versions.end(), [](const auto& v) {
            return v.second.contract != nullptr;
        });
        for (auto& [version, what] : versions) {
            type.versions.push_back(finished(version, what, has_contract));
            type.seen.add(type.versions.back().seen);
        }
        for (CatalogueVersion& version : type.versions)
            if (type.seen.events > 0)
                version.share = static_cast<double>(version.seen.events) /
                                static_cast<double>(type.seen.events);
        (has_contract ? known : m_out->types).push_back(std::move(type));
    }
    std::move(known.begin(), known.end(), std::back_inserter(m_out->types));
    for (auto& [id, place] : m_places)
        m_out->places.push_back(std::move(place));
    std::sort(m_out->places.begin(), m_out->places.end(),
              [](const CataloguePlace& a, const CataloguePlace& b) {
                  return std::tie(a.connection, a.topic) < std::tie(b.connection, b.topic);
              });
}

} // namespace

void Seen::add(const Seen& other) {
    if (other.events == 0)
        return;
    first = events == 0 ? other.first : std::min(first, other.first);
    last = events == 0 ? other.last : std::max(last, other.last);
    events += other.events;
    failed += other.failed;
}

const Contract* CatalogueType::newest() const {
    const auto found =
        std::find_if(versions.begin(), versions.end(),
                     [](const CatalogueVersion& v) { return v.contract != nullptr; });
    return found == versions.end() ? nullptr : found->contract.get();
}

const CatalogueVersion* CatalogueType::find(const std::string& version) const {
    const auto found =
        std::find_if(versions.begin(), versions.end(),
                     [&](const CatalogueVersion& v) { return v.version == version; });
    return found == versions.end() ? nullptr : &*found;
}

const CatalogueType* Catalogue::find(const std::string& type) const {
    const auto found = std::find_if(types.begin(), types.end(),
                                    [&](const CatalogueType& t) { return t.type == type; });
    return found == types.end() ? nullptr : &*found;
}

std::size_t Catalogue::without_contract() const {
    std::size_t count = 0;
    for (const CatalogueType& type : types)
        for (const CatalogueVersion& version : type.versions)
            count += version.standing == Standing::NoContract ? 1 : 0;
    return count;
}

std::string canonical_version(const std::string& text) {
    std::int64_t number = 0;
    return is_decimal(text) && Decimal(text).to_int64(number) ? std::to_string(number) : text;
}

std::shared_ptr<const Catalogue> make_catalogue(const CatalogueParts& parts) {
    return Maker(parts).make();
}

} // namespace weir
