// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/truth_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <memory>

#include "models/event/json/json_tape.h"
#include "models/event/sighting.h"

namespace weir::synth {
namespace {

constexpr const char* reading_truth = "reading the truth";

class TruthReader {
  public:
    /// False: the line is none of a truth's, or comes at the wrong place.
    bool line(std::string_view text);
    bool ended() const { return m_ended; }
    bool newer() const { return m_newer; }
    Truth take();

  private:
    std::string_view member(std::string_view name);
    bool head();
    bool event(std::string_view id);
    void attribution(std::string_view user);
    bool end();
    std::uint16_t type_id(std::string_view type);

    Truth m_truth;
    std::map<std::string, std::uint16_t, std::less<>> m_types;
    JsonTape m_tape;
    std::uint64_t m_lines_of_events = 0;
    bool m_begun = false;
    bool m_ended = false;
    bool m_newer = false;
};

/// The digits or the characters of a member; "" if it is not there.
std::string_view TruthReader::member(std::string_view name) {
    const auto at = m_tape.member(0, name);
    return at ? m_tape.raw(*at) : std::string_view();
}

bool TruthReader::line(std::string_view text) {
    if (m_ended || !m_tape.parse(text) || m_tape.nodes()[0].kind != JsonKind::Object ||
        m_tape.nodes().size() < 3)
        return false;
    const std::string_view kind = m_tape.raw(1);
    const std::string_view value = m_tape.raw(2);
    if (!m_begun)
        return kind == "weir_truth" && head();
    if (kind == "event")
        return event(value);
    if (kind == "order")
        m_truth.orders[std::string(value)] = {std::string(member("user_id")),
                                              std::string(member("total")),
                                              std::string(member("currency"))};
    else if (kind == "user")
        m_truth.users[std::string(value)] = member("time");
    else if (kind == "attribution")
        attribution(value);
    else if (kind == "incident")
        m_truth.incidents += member("carried_out") == "true" ? 0 : 1;
    else
        return kind == "end" && end();
    return true;
}

bool TruthReader::head() {
    m_newer = m_tape.raw(2) != "1";
    m_begun = true;
    const auto name = m_tape.member(0, "scenario");
    m_truth.scenario = name ? m_tape.unescaped(*name) : std::string();
    const std::string_view seed = member("seed");
    std::from_chars(seed.data(), seed.data() + seed.size(), m_truth.seed);
    return !m_newer;
}

bool TruthReader::event(std::string_view id) {
    Truth::Event event;
    if (!parse_uuid(id, event.id) || !from_word(member("fate"), event.fate))
        return false;
    if (event.fate == Fate::Invalid && !weir::from_word(member("reason"), event.reason))
        return false;
    event.type = type_id(member("type"));
    ++m_lines_of_events;
    m_truth.events.push_back(event);
    return m_truth.events.size() <= Truth::events_max;
}

/// What of it is null is unknown.
void TruthReader::attribution(std::string_view user) {
    const auto text = [this](std::uint32_t object, std::string_view name) {
        const auto at = m_tape.member(object, name);
        const bool told = at && m_tape.nodes()[*at].kind == JsonKind::String;
        return told ? m_tape.unescaped(*at) : std::string();
    };
    Truth::Attribution& known = m_truth.attributions[std::string(user)];
    known.event = text(0, "at_event");
    known.referrer = text(0, "referrer");
    known.landing_page = text(0, "landing_page");
    const auto campaign = m_tape.member(0, "campaign");
    if (!campaign || m_tape.nodes()[*campaign].kind != JsonKind::Object)
        return;
    known.source = text(*campaign, "source");
    known.medium = text(*campaign, "medium");
    known.campaign = text(*campaign, "campaign");
}

bool TruthReader::end() {
    m_ended = true;
    m_truth.tells_attribution = !member("attributions").empty();
    m_truth.whole = m_tape.raw(2) == "whole";
    return member("events") == std::to_string(m_lines_of_events);
}

std::uint16_t TruthReader::type_id(std::string_view type) {
    const auto known = m_types.find(type);
    if (known != m_types.end())
        return known->second;
    const auto id = static_cast<std::uint16_t>(std::min<std::size_t>(m_types.size(), UINT16_MAX));
    m_types.emplace(type, id);
    m_truth.types.emplace_back(type);
    return id;
}

/// One event an id: of equal ones that which counts.
Truth TruthReader::take() {
    auto& events = m_truth.events;
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
        return a.id != b.id ? a.id < b.id : a.fate < b.fate;
    });
    static_assert(Fate::Warehouse < Fate::Invalid);
    events.erase(std::unique(events.begin(), events.end(),
                             [](const auto& a, const auto& b) { return a.id == b.id; }),
                 events.end());
    return std::move(m_truth);
}

Error cannot_open(const std::string& file) {
    const int cause = errno;
    const ErrorCode code = cause == ENOENT   ? ErrorCode::NotFound
                           : cause == EACCES ? ErrorCode::NotPermitted
                                             : ErrorCode::Io;
    return {code, std::strerror(cause), file, reading_truth, "Check the path."};
}

} // namespace

std::string to_text(const Uuid& id) {
    std::string text;
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += "0123456789abcdef"[id[i] >> 4];
        text += "0123456789abcdef"[id[i] & 15];
    }
    return text;
}

Result<Truth> Truth::load(const std::string& file) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return cannot_open(file);
    TruthReader reader;
    const auto buffer = std::make_unique<char[]>(line_bytes_max);
    std::uint64_t number = 0;
    while (in.getline(buffer.get(), line_bytes_max)) {
        ++number;
        if (reader.line(buffer.get()))
            continue;
        const std::string where = file + ":" + std::to_string(number);
        if (reader.newer())
            return Error{ErrorCode::Unsupported, "a newer Weir wrote this truth", where,
                         reading_truth, "Use that one."};
        if (reader.ended())
            return Error{ErrorCode::Corrupt, "the truth's end does not fit what is before it",
                         where, reading_truth,
                         "Write it again: weir generate --scenario … --truth …"};
        return Error{ErrorCode::Corrupt, "this line is not one of a truth", where, reading_truth,
                     "Name a file that weir generate --truth has written."};
    }
    if (in.bad() || (in.fail() && !in.eof()))
        return Error{ErrorCode::Corrupt, "a line is longer than those of a truth",
                     file + ":" + std::to_string(number + 1), reading_truth,
                     "Name a file that weir generate --truth has written."};
    if (!reader.ended())
        return Error{ErrorCode::Corrupt,
                     "the truth breaks off after line " + std::to_string(number), file,
                     reading_truth, "Write it again; only a whole one tells what is missing."};
    return reader.take();
}

} // namespace weir::synth
