// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/outage.h"

#include <algorithm>

namespace weir::cli {

namespace {

std::string partitions_text(std::size_t count) {
    return grouped(count) + (count == 1 ? " partition" : " partitions");
}

} // namespace

void Outage::take(const PartitionEvent& event, Clock::time_point now) {
    const std::string place = event.topic + "/" + std::to_string(event.partition.value());
    const std::lock_guard lock(m_mutex);
    if (event.note == PartitionNote::Failed) {
        Failing& failing = m_failing[place];
        failing.text = event.error.text();
        failing.over = false;
    } else {
        const auto failing = m_failing.find(place);
        if (failing == m_failing.end())
            return;
        if (event.note != PartitionNote::Recovered || !failing->second.told) {
            m_failing.erase(failing); // it has a line of its own, or nobody knew of it
            return;
        }
        failing->second.over = true;
        failing->second.next = event.from;
    }
    m_changed = now;
    m_news = true;
}

void Outage::tell(Clock::time_point now) {
    const std::lock_guard lock(m_mutex);
    if (!m_news || now - m_changed < settle)
        return;
    const bool waits = goes_on() && now - m_changed < settle_partly;
    m_news = waits;
    if (!waits)
        tell_recoveries();
    tell_failures();
}

bool Outage::goes_on() const {
    return std::any_of(m_failing.begin(), m_failing.end(),
                       [](const auto& entry) { return entry.second.told && !entry.second.over; });
}

void Outage::tell_failures() {
    std::string why = m_cause();
    // That nobody answers was said; partitions notice it one after the other.
    const bool said = !why.empty() && goes_on();
    std::size_t count = 0;
    const std::pair<const std::string, Failing>* first = nullptr;
    for (auto& entry : m_failing) {
        if (entry.second.told || entry.second.over)
            continue;
        entry.second.told = true;
        entry.second.later = said;
        first = first == nullptr ? &entry : first;
        ++count;
    }
    if (count == 0 || said)
        return;
    if (why.empty() || count == 1)
        why = first->second.text;
    m_console.note(
        "weir: " +
        (count == 1 ? first->first : "reading " + partitions_text(count) + " is interrupted") +
        ": " + why);
}

void Outage::tell_recoveries() {
    std::size_t count = 0;
    std::size_t later = 0;
    std::string one;
    for (auto entry = m_failing.begin(); entry != m_failing.end();) {
        if (!entry->second.over) {
            ++entry;
            continue;
        }
        one = entry->first + ": reading again at offset " +
              std::to_string(entry->second.next.value());
        ++count;
        later += entry->second.later ? 1 : 0;
        entry = m_failing.erase(entry);
    }
    if (count == 0)
        return;
    const std::size_t left = m_failing.size();
    std::string text = count == 1 ? one : "reading again in " + partitions_text(count);
    if (later > 0 && count > 1)
        text += " (" + grouped(later) + " had stopped later)";
    if (count > 1)
        text += ", each where it stopped";
    if (left > 0)
        text += "; " + partitions_text(left) + " still interrupted";
    m_console.note("weir: " + text);
}

} // namespace weir::cli
