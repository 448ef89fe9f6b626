// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Live view's time range, and the search of the topics.
#include <QPushButton>

#include <algorithm>

#include "models/live/record_text.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"
#include "widgets/live/search_popup.h"

namespace weir {

/// The range that all views share narrows by record time, what is shown live, paused or found.
void LiveView::applyRange() {
    const TimeRange& range = m_context.timeRange();
    const std::int64_t now_us = Micros::now().value();
    TimeSpan span;
    if (range.kind != TimeRange::Kind::Everything)
        span = {range.begin_us(now_us), range.end_us()};
    m_range_from_us = span.from_us;
    for (LiveFeed* rows : {m_live.get(), m_failures.get(), m_results.get()})
        if (rows != nullptr)
            rows->set_time_span(span);
}

/// "Last 15 min" moves on with the clock, in steps too small to be seen.
void LiveView::slideRange() {
    const TimeRange& range = m_context.timeRange();
    if (range.kind != TimeRange::Kind::Last || isPaused() || m_results)
        return;
    constexpr std::int64_t step_us_min = 1'000'000;
    const std::int64_t from_us = range.begin_us(Micros::now().value());
    if (from_us - m_range_from_us < std::max(step_us_min, range.last_us / 200))
        return;
    m_range_from_us = from_us;
    m_live->slide_time_span(from_us);
    if (m_failures)
        m_failures->slide_time_span(from_us);
}

/// The filter and the time range in one, so that the search reads no more than it must.
std::shared_ptr<const Filter> LiveView::searchedFor() const {
    const TimeRange& range = m_context.timeRange();
    const Micros now = Micros::now();
    std::string text = m_bar->filter() ? m_bar->filter()->text() : std::string();
    if (range.kind != TimeRange::Kind::Everything)
        text = both_filters(text, "time >= " + rfc3339(Micros(range.begin_us(now.value()))));
    if (range.kind == TimeRange::Kind::Absolute)
        text = both_filters(text, "time < " + rfc3339(Micros(range.end_us())));
    auto parsed = Filter::parse(text, now);
    return parsed ? *std::move(parsed) : nullptr;
}

/// What was found matches already: masked copies of it could not be held against a contract again,
/// and those of a record's many events are without what stands around these.
std::shared_ptr<const Filter> LiveView::filterOfResults() const {
    const auto& filter = m_bar->filter();
    const bool answered = filter && m_bar->appliedText() == m_searched_text;
    const bool by_more = filter && (filter->asks_for_violations() || filter->looks_around_events());
    return answered && by_more ? nullptr : filter;
}

/// Whether the filter can be asked of the results: what is wrong with an event is told by its own
/// bytes, not by a masked copy, and what stands around it by its record.
bool LiveView::canNarrow() const {
    const auto filter = filterOfResults();
    if (!filter)
        return true;
    return !(filter->asks_for_violations() && m_source->disclosure()->masks()) &&
           !(filter->looks_around_events() && m_search->status().in_batches);
}

std::unique_ptr<LiveSearch> LiveView::plannedSearch(bool exhaustive) {
    auto filter = m_source->can_search() ? searchedFor() : nullptr;
    return filter ? m_source->search(std::move(filter), exhaustive) : nullptr;
}

void LiveView::askSearch() {
    if (!m_source->can_search())
        return;
    QString what = m_bar->appliedText().trimmed();
    if (what.isEmpty())
        what = tr("every event");
    if (const QString range = rangeText(); !range.isEmpty())
        what += QStringLiteral(" · ") % range;
    m_search_popup->ask(m_bar->searchButton(), what,
                        [this](bool exhaustive) { return plannedSearch(exhaustive); });
}

void LiveView::startSearch(SearchOrder order) {
    auto search = plannedSearch(false);
    if (!search) {
        note(tr("The search could not be started"));
        return;
    }
    search->start(order);
    showSearch(std::move(search));
}

void LiveView::showSearch(std::unique_ptr<LiveSearch> search) {
    m_search = std::move(search);
    m_searched_text = m_bar->appliedText();
    m_results = LiveFeed::start(feedOptions());
    m_results->set_filter(filterOfResults());
    m_table->setFailuresMarked(true);
    applyRange();
    setReader();
    tick();
    m_table->setFocus(Qt::OtherFocusReason); // the button that was pressed takes none meanwhile
}

void LiveView::backToLive() {
    m_results.reset();
    m_search.reset();
    m_state_shown.clear();
    m_table->setFailuresMarked(!m_failures);
    setReader();
    if (m_live)
        m_live->resume();
    tick();
}

} // namespace weir
