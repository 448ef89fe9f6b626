// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The catalogue: what types and versions of events there are by contract, and what is really seen
// of them. A version that is seen and has no contract stands in it, and so does a contract that
// nobody sends.
//
// Thread contract: immutable once made, shared. Bound: a ContractSet's and VersionCounts'.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/catalogue/version_counts.h"
#include "models/contract/contract_set.h"
#include "models/event/disclosure/disclosure.h"

namespace weir {

/// How a version stands with its contract.
enum class Standing : std::uint8_t {
    Current,
    Deprecated,
    Removed,     // its day has passed
    Unversioned, // the events say no version: they are judged by the newest
    NoContract,
};

/// Events seen, added up.
struct Seen {
    std::uint64_t events = 0;
    std::uint64_t failed = 0; // of these: at a dead-letter place
    Micros first;             // of record time; only if events > 0
    Micros last;
    void add(const Seen& other);
};

struct SeenAt {
    PlaceId place = no_place;
    std::string connection, topic, source; // source "": the events say none
    Seen seen;
};

struct CatalogueVersion {
    std::string version; // as contracts number it, else as the events say it; "": they do not
    std::shared_ptr<const Contract> contract; // null: there is none of this version
    Standing standing = Standing::NoContract;
    Seen seen;
    double share = -1;           // of the type's events; -1: none was seen
    std::vector<SeenAt> seen_at; // by place, then source
};

struct CatalogueType {
    std::string type;                       // "": the events say none
    std::vector<CatalogueVersion> versions; // newest first
    Seen seen;

    /// Of the newest version that has one; null: the type has no contract.
    const Contract* newest() const;
    const CatalogueVersion* find(const std::string& version) const;
};

struct CataloguePlace {
    PlaceId place = no_place;
    std::string connection, topic;
    std::uint64_t events = 0;
};

/// Where what is seen is counted.
enum class Counted : std::uint8_t {
    /// Each event once: where it comes in, or as the dead letter that it was made instead. One that
    /// was repaired comes in a second time.
    ComingIn,
    Everywhere, // at each place where it is seen
    AtPlace,    // at one place
};

struct Catalogue {
    std::shared_ptr<const ContractSet> contracts; // null: there are none yet
    std::vector<CatalogueType> types;             // those without a contract first, then by name
    std::vector<Error> problems;                  // of contract files
    std::vector<CataloguePlace> places;           // all that something was seen at
    std::uint64_t left_out = 0;                   // events beyond the fold's bound
    bool versions_kept = true; // the workspace keeps the dimension schema_version
    Counted counted = Counted::Everywhere;

    const CatalogueType* find(const std::string& type) const;
    std::size_t without_contract() const; // versions seen, of all types
};

struct CatalogueParts {
    std::shared_ptr<const ContractSet> contracts; // null: none yet
    std::vector<std::shared_ptr<const VersionCountsSnapshot>> counts;
    std::shared_ptr<const Vocabulary> vocabulary; // null: nothing is observed
    /// Types and versions come from events: what no contract names is shown under this policy.
    std::shared_ptr<const DisclosurePolicy> disclosure;
    std::optional<PlaceId> only; // what was seen elsewhere is not counted
    /// Topics where events come in: once something was seen at one of them, events are counted as
    /// they come in. Empty, or with `only`: they are not.
    std::vector<std::string> entries;
    Micros now; // decides what is deprecated and removed
};

std::shared_ptr<const Catalogue> make_catalogue(const CatalogueParts& parts);

/// The version that events say, as contracts number it: "2.0" is 2. What is no whole number stays.
std::string canonical_version(const std::string& text);

} // namespace weir
