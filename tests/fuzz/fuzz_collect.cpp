// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever a client sends, by any door: cut into pieces that lose no byte, judged one by one, and
// what goes to the broker is JSON, as is every dead letter and every answer to a test that asks.
// The first byte chooses the door.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "models/sandbox/dead_letter.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/micro_event.h"
#include "models/sandbox/split.h"

using namespace weir;
using namespace weir::sandbox;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// Fills in what is missing at the root, in objects and in arrays.
const Contract& generous() {
    static const Contract contract = [] {
        Contract made;
        made.defaults = {{{}, "fill", "[1]"},
                         {{}, "received_time", "0"},
                         {{"context"}, "fill", "\"\""},
                         {{"list", "*"}, "fill", "null"}};
        return made;
    }();
    return contract;
}

/// Flags one event in two, refuses one in four, strips whatever has a member "strip", and fills in
/// what has a member "list".
class MoodyJudge final : public Judge {
  public:
    void judge(const EventFacts& facts, const JsonTape& tape, Verdict& verdict) override {
        if (facts.type.size() % 4 == 3)
            PolicyJudge::apply(WithoutContract::Refuse, facts, verdict);
        else if (facts.within.empty())
            strip(tape, verdict);
        if (facts.within.empty() && tape.member(0, "list"))
            verdict.contract = &generous();
    }

  private:
    /// The members "context/strip" and "strip", whichever comes first.
    static void strip(const JsonTape& tape, Verdict& verdict) {
        const auto add = [&](std::uint32_t object) {
            if (const auto value = tape.member(object, "strip"))
                verdict.strip.push_back(*value - 1); // a key stands before its value
        };
        const auto context = tape.member(0, "context");
        if (context && tape.nodes()[*context].kind == JsonKind::Object)
            add(*context);
        add(0);
        std::sort(verdict.strip.begin(), verdict.strip.end());
    }
};

/// Each byte that is no white space, comma or outer bracket is in exactly one piece, in order.
void check_pieces(std::string_view body) {
    const Pieces pieces = split_body(body, 1'000);
    if (pieces.too_many)
        return;
    const char* at = body.data();
    for (const std::string_view piece : pieces.events) {
        if (piece.empty())
            continue;
        require(piece.data() >= at && piece.data() + piece.size() <= body.data() + body.size());
        for (; at < piece.data(); ++at)
            require(std::string_view(" \t\r\n,[]").find(*at) != std::string_view::npos);
        at = piece.data() + piece.size();
    }
    for (; at < body.data() + body.size(); ++at)
        require(std::string_view(" \t\r\n,[]").find(*at) != std::string_view::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_pieces(text);
    const auto shared = std::make_shared<Batch>();
    Batch& batch = *shared;
    batch.received_time = "2026-05-28T20:26:40.123456Z";
    batch.request.received = Micros(1'780'000'000'123'456);
    MoodyJudge judge;
    Unreadable why;
    const BatchLimits limits{.events = 1'000, .event_bytes = 50'000};
    const int door = data[0] % 5;
    (door == 3 ? batch.request.query : batch.request.body) = text;
    bool read = false;
    if (door == 0)
        read = decode_native(batch, judge, limits, why);
    else if (door == 1 || door == 4)
        read = decode_segment(batch, door == 1 ? "" : "track", judge, limits, why);
    else
        read = door == 2 ? decode_snowplow(batch, judge, limits, why)
                         : decode_snowplow_query(batch, judge, limits, why);
    if (!read)
        return 0;
    JsonTape tape;
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
        const JudgedEvent& event = batch.events[i];
        std::string told;
        event.good() ? append_good_event({shared, i}, told) : append_bad_event({shared, i}, told);
        require(tape.parse(told));
        if (event.good()) {
            require(tape.parse(batch.value_of(event)));
            require(tape.nodes()[0].kind == JsonKind::Object);
        } else {
            std::string letter;
            append_dead_letter(batch, event, letter);
            require(tape.parse(letter) && letter.size() <= dead_letter_bytes_max);
            require(!event.violations.empty());
        }
    }
    return 0;
}
