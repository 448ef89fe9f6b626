// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/samples/contract_samples.h"

#include <algorithm>
#include <set>

#include "models/synth/json_buffer.h"
#include "models/synth/samples/schema_sampler.h"
#include "models/synth/samples/spoilers.h"
#include "models/workspace/schema_check.h"

namespace weir::synth {
namespace {

constexpr std::string_view id_pointer = "/event_id";
constexpr std::string_view type_pointer = "/event_type";
constexpr std::string_view version_pointer = "/schema_version";
constexpr std::int64_t first_number = 6'000'000'000;
constexpr int repairs_max = 20;

/// Whether that is about which contract judges the event; one that is no object names none.
bool is_address(std::string_view pointer, std::string_view keyword) {
    return pointer == type_pointer || pointer == version_pointer ||
           (pointer.empty() && keyword == "type");
}

/// Texts in the place of `text` that hold the number, likely ones first.
std::vector<SampleValue> unique_texts(const std::string& text, std::int64_t number) {
    const std::string digits = std::to_string(number);
    std::vector<SampleValue> out;
    if (digits.size() <= text.size())
        out.push_back(SampleValue::string(std::string(text.size() - digits.size(), '0') + digits));
    out.push_back(SampleValue::string(digits + text));
    out.push_back(SampleValue::string(text + digits));
    return out;
}

bool is_block(const Violation& violation) {
    return violation.effect == Effect::Block;
}

bool is_refused(const std::vector<Violation>& found) {
    return std::any_of(found.begin(), found.end(), is_block);
}

/// That at that place, as often as the schema demands it there; beside it only rules across fields,
/// which look at the same value. What comes first is the reason that is told of the event.
bool violates_just(const std::vector<Violation>& found, ViolationReason reason,
                   const std::string& pointer) {
    const auto is_that = [&](const Violation& v) {
        return v.reason == reason && v.pointer == pointer;
    };
    return !found.empty() && is_that(found.front()) &&
           is_block(found.front()) == is_refused(found) &&
           std::all_of(found.begin(), found.end(), [&](const Violation& v) {
               return is_that(v) || v.reason == ViolationReason::Rule;
           });
}

} // namespace

struct ContractSampler::Work {
    const Contract& contract;
    Micros now;
    SchemaSampler sampler;
    ContractSamples out;
    std::set<std::string> done; // keyword and place
};

std::string_view to_word(ContractSample::Kind kind) {
    constexpr std::string_view words[] = {"valid", "boundary", "invalid"};
    return words[static_cast<std::size_t>(kind)];
}

ContractSampler::ContractSampler(std::shared_ptr<const ContractSet> contracts, std::uint64_t seed)
    : m_checker(std::move(contracts), {})
    , m_random(seed)
    , m_number(first_number) {}

/// What is wrong with it, but for the contract's age, which is the contract's.
const std::vector<Violation>& ContractSampler::judge(const Work& work, const std::string& payload) {
    const Judgement& judgement =
        work.contract.of_native_events()
            ? m_checker.check(payload, work.now)
            : m_checker.check(payload, work.contract.type, work.contract.version, work.now);
    m_violations = judgement.violations;
    std::erase_if(m_violations, [](const Violation& v) {
        return v.reason == ViolationReason::DeprecatedVersion;
    });
    return m_violations;
}

/// Rules across fields: other values are tried where the blame is. False: none helps.
bool ContractSampler::repair(Work& work, SampleValue& root) {
    for (int i = 0; i < repairs_max; ++i) {
        std::string payload;
        root.append(payload);
        const auto& found = judge(work, payload);
        if (found.empty())
            return true;
        const std::size_t before = found.size();
        SampleValue* const blamed = root.at(found.front().pointer);
        if (found.front().reason != ViolationReason::Rule || blamed == nullptr)
            return false;
        const auto demands = blamed->demands;
        for (SampleValue& other : work.sampler.scalars(demands)) {
            if (!work.sampler.fits(other, demands))
                continue;
            other.demands = demands;
            *blamed = std::move(other);
            payload.clear();
            root.append(payload);
            if (judge(work, payload).size() < before)
                break;
        }
    }
    return false;
}

/// Another event: its id and its business key are its own, unless they are what is spoilt.
void ContractSampler::make_new(Work& work, SampleValue& root, ContractSample& sample) {
    const std::string& spoilt = sample.pointer;
    ++m_number;
    JsonBuffer id;
    const std::uint64_t high = m_random.next();
    id.uuid(high, m_random.next());
    SampleValue* const event_id = root.at(id_pointer);
    if (event_id != nullptr && spoilt != id_pointer)
        if (SampleValue other = SampleValue::string(std::string(id.view()));
            work.sampler.fits(other, event_id->demands))
            event_id->text = other.text;
    if (event_id != nullptr && spoilt != id_pointer)
        sample.id = event_id->text;
    else if (work.contract.field(id_pointer) != nullptr)
        sample.id = id.view();
    if (const SampleValue* const session = root.at("/session_id"))
        sample.session = session->text;
    for (const std::string& pointer : work.contract.unique_by) {
        SampleValue* const value = root.at(pointer);
        if (value == nullptr || pointer == spoilt)
            continue;
        std::vector<SampleValue> others = {SampleValue::number(std::to_string(m_number))};
        if (value->kind == JsonKind::String)
            others = unique_texts(value->text, m_number);
        for (const SampleValue& other : others)
            if (work.sampler.fits(other, value->demands)) {
                value->text = other.text;
                break;
            }
    }
}

/// Takes it if the contract says of it what is claimed.
bool ContractSampler::emit(Work& work, SampleValue& root, ContractSample sample) {
    if (work.out.samples.size() >= samples_max)
        return true;
    make_new(work, root, sample);
    root.append(sample.payload);
    const auto& found = judge(work, sample.payload);
    sample.refused = is_refused(found);
    const bool as_claimed = sample.kind == ContractSample::Kind::Invalid
                                ? violates_just(found, sample.reason, sample.pointer)
                                : !sample.refused;
    if (as_claimed)
        work.out.samples.push_back(std::move(sample));
    return as_claimed;
}

void ContractSampler::spoil(Work& work, SampleValue& root, SampleValue& value,
                            const std::string& pointer) {
    const schema::Program& program = work.contract.schema->program();
    const auto try_all = [&](const Spoiler& spoiler, ContractSample::Kind kind) {
        const std::string at =
            spoiler.member.empty() ? pointer : pointer + pointer_step(spoiler.member);
        const std::string what = spoiler.keyword + " at " + (at.empty() ? "the event" : at);
        const std::string key =
            what + std::string(to_word(kind)) + std::string(weir::to_word(spoiler.reason));
        if ((work.contract.of_native_events() && is_address(at, spoiler.keyword)) ||
            work.done.count(key) != 0)
            return;
        for (const SampleValue& candidate : spoiler.candidates) {
            SampleValue sound = value;
            value = candidate;
            value.demands = sound.demands;
            ContractSample sample;
            sample.kind = kind;
            sample.pointer = at;
            sample.keyword = spoiler.keyword;
            sample.reason = spoiler.reason;
            const bool taken = emit(work, root, std::move(sample));
            value = std::move(sound);
            if (taken) {
                work.done.insert(key);
                return;
            }
        }
        if (kind == ContractSample::Kind::Invalid && !spoiler.of_alternative)
            work.out.not_made.push_back(what + " (" + std::string(weir::to_word(spoiler.reason)) +
                                        ")");
    };
    for (const Spoiler& edge : edges_of(program, value))
        try_all(edge, ContractSample::Kind::Boundary);
    for (const Spoiler& spoiler : spoilers_of(program, value))
        try_all(spoiler, ContractSample::Kind::Invalid);
}

void ContractSampler::walk(Work& work, SampleValue& root, SampleValue& value,
                           const std::string& pointer) {
    spoil(work, root, value, pointer);
    for (std::size_t i = 0; i < value.members.size(); ++i)
        walk(work, root, value.members[i].value, pointer + pointer_step(value.members[i].name));
    if (!value.items.empty()) // the others are like it
        walk(work, root, value.items.front(), pointer + "/0");
}

ContractSamples ContractSampler::samples_of(const Contract& contract, Micros now) {
    Work work{contract, now, SchemaSampler(contract.schema->program()), {}, {}};
    if (contract.removed_from && now >= *contract.removed_from) {
        work.out.not_made.push_back("any event: this version was removed on " +
                                    contract.removed_on);
        return std::move(work.out);
    }
    using Members = SchemaSampler::Members;
    std::optional<SampleValue> whole;
    for (const Members members : {Members::All, Members::Required}) {
        auto root = work.sampler.sample(members);
        if (root && contract.of_native_events()) {
            if (SampleValue* const type = root->at(type_pointer))
                type->text = contract.type;
            if (SampleValue* const version = root->at(version_pointer))
                version->text = std::to_string(contract.version);
        }
        const char* const name = members == Members::All ? "all members" : "required members";
        if (!root || !repair(work, *root) || !emit(work, *root, {}))
            work.out.not_made.push_back(std::string("a valid event with ") + name);
        else if (!whole)
            whole = std::move(root);
    }
    if (whole)
        walk(work, *whole, *whole, {});
    std::sort(work.out.not_made.begin(), work.out.not_made.end());
    work.out.not_made.erase(std::unique(work.out.not_made.begin(), work.out.not_made.end()),
                            work.out.not_made.end());
    return std::move(work.out);
}

} // namespace weir::synth
