// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A finding: one value for something that is wrong, whoever noticed it. Badges, the Overview, exit
// codes and weir triage show the same ones. What follows from another finding is folded under the
// cause that lies furthest upstream, so that one broken worker is one finding and not ten.
//
// Thread contract: plain values and pure functions. Bound: what was raised.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/base/types.h"
#include "models/workspace/workspace.h"

namespace weir {

/// What happened to the events that it is about, from the worst on.
enum class Fate : std::uint8_t { Lost, Unknown, Late };
const char* to_word(Fate fate); // "lost", "unknown", "late"

enum class Confidence : std::uint8_t { Certain, Likely, Possible };
const char* to_word(Confidence confidence); // "certain", "likely", "possible"

/// So many; nothing: not known.
struct AffectedCount {
    std::optional<std::int64_t> count;
    std::int64_t error = 0; // half of a 95 % interval; 0: exact

    /// "1,203", "about 1,203 ± 40", "not known"
    std::string text() const;
};

/// What it is about; empty members are not part of it.
struct FindingScope {
    std::string connection, stage, place, group;
    std::vector<std::pair<std::string, std::string>> values; // dimension → value
};

struct Finding {
    std::string code;     // for scripts: "unaccounted", "slo_broken", "group_stalled", …
    std::string sentence; // without a full stop
    std::optional<Micros> since;
    FindingScope scope;
    Fate fate = Fate::Unknown;
    AffectedCount events, users, sessions;
    Confidence confidence = Confidence::Certain;
    std::vector<std::string> evidence; // sentences, without a full stop
    std::string next_step;             // a sentence, with one
    std::vector<std::string> command;  // of weir, that shows more: "flow", "--by", "platform"
    /// Events do not get past this stage, or too slowly: others are late because of it.
    bool holds_up = false;
    std::vector<Finding> consequences;
};

/// The findings with what follows from others folded under them, the worst first: what is lost
/// before what is late, many events before few, upstream before downstream.
std::vector<Finding> ranked(std::vector<Finding> findings, const std::vector<StageSpec>& stages);

/// The finding's command line, to be copied; "" if it has none. `target`: how weir reaches what
/// this is about, as words of a shell ("--workspace shop.weir.json -c prod").
std::string command_text(const Finding& finding, const std::string& target);

/// [{"code","sentence",…,"consequences":[…]}]: one JSON array on one line, without its end.
std::string to_json(const std::vector<Finding>& findings, const std::string& target);
/// A numbered list to be pasted into a ticket or a chat. Values from events are escaped.
std::string to_markdown(const std::vector<Finding>& findings, const std::string& target);

} // namespace weir
