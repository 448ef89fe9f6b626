// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/search_of_all.h"

#include <QStringList>

#include <algorithm>

namespace weir {

SearchOfAll::SearchOfAll(std::vector<ConnectionSearch> searches)
    : m_searches(std::move(searches)) {}

std::optional<LiveSearchPlan> SearchOfAll::plan() const {
    std::optional<LiveSearchPlan> all;
    for (const ConnectionSearch& one : m_searches) {
        const auto plan = one.search->plan();
        if (!plan && !one.search->status().finished)
            return std::nullopt;
        if (!plan)
            continue;
        if (!all) {
            all = plan;
            continue;
        }
        all->partitions += plan->partitions;
        all->left_out += plan->left_out;
        all->records_at_most += plan->records_at_most;
        all->bytes_estimate += plan->bytes_estimate;
        if (plan->estimate_us > all->estimate_us) { // they run side by side
            all->estimate_us = plan->estimate_us;
            all->limit_mb_s = plan->limit_mb_s;
        }
        all->rate_measured = all->rate_measured && plan->rate_measured;
        if (all->assumed.isEmpty())
            all->assumed = plan->assumed;
        all->times_assumed = all->times_assumed || plan->times_assumed;
        all->contradictory = all->contradictory && plan->contradictory;
    }
    return all;
}

void SearchOfAll::start(SearchOrder order) {
    for (const ConnectionSearch& one : m_searches)
        one.search->start(order);
}

void SearchOfAll::cancel() {
    for (const ConnectionSearch& one : m_searches)
        one.search->cancel();
}

LiveSearchStatus SearchOfAll::status() const {
    LiveSearchStatus all;
    all.finished = true;
    all.complete = true;
    all.share = 0;
    QStringList lines;
    for (const ConnectionSearch& one : m_searches) {
        const LiveSearchStatus status = one.search->status();
        all.finished = all.finished && status.finished;
        all.complete = all.complete && status.complete;
        all.in_batches = all.in_batches || status.in_batches;
        all.share += std::max(0.0, status.share) / static_cast<double>(m_searches.size());
        const QString name = QString::fromStdString(one.connection) % QStringLiteral(": ");
        if (status.error)
            lines.append(QStringLiteral("▲ ") % name %
                         QString::fromStdString(status.error->text()));
        else
            lines.append(name % status.line);
        all.complete = all.complete && !status.error;
    }
    all.line = lines.join(QStringLiteral(" · "));
    return all;
}

std::vector<std::shared_ptr<const LaneSnapshot>> SearchOfAll::results() const {
    std::vector<std::shared_ptr<const LaneSnapshot>> lanes;
    for (const ConnectionSearch& one : m_searches) {
        for (const auto& found : one.search->results()) {
            // Each search numbers its lanes from 0.
            auto lane = std::make_shared<LaneSnapshot>(*found);
            lane->lane = static_cast<int>(lanes.size());
            lanes.push_back(std::move(lane));
        }
    }
    return lanes;
}

} // namespace weir
