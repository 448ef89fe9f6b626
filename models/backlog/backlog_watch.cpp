// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_watch.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "connectors/base/time_units.h"
#include "models/event/fold/fold.h"
#include "models/event/worker_thread.h"

namespace weir {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto focus_every = 2s;
constexpr auto sweep_every = 10s;
constexpr auto sweep_every_unseen = 30s;
constexpr auto list_every = 10s;
constexpr auto save_every = 30s;
constexpr auto retry_every = 5s;
constexpr Micros recalled_span(hour_us); // before the start

} // namespace

struct BacklogWatch::Shared {
    std::stop_source stop;
    Published<BacklogSnapshot> newest;
    std::mutex mutex; // guards what follows; never held while anything is asked
    std::condition_variable_any changed;
    std::vector<std::string> focus;
    bool focus_is_new = false;
};

namespace {

template <class Shared>
class Round {
  public:
    Round(std::shared_ptr<Shared> shared, std::shared_ptr<kafka::Cluster> cluster,
          BacklogOptions options)
        : m_shared(std::move(shared))
        , m_keeper(std::move(cluster), std::move(options))
        , m_stop(m_shared->stop.get_token()) {}

    void run() {
        while (!m_stop.stop_requested()) {
            const Clock::time_point next = step();
            std::unique_lock lock(m_shared->mutex);
            m_shared->changed.wait_until(lock, m_stop, next,
                                         [this] { return m_shared->focus_is_new; });
        }
        m_keeper.save();
    }

  private:
    /// Does what is due; answers when something will be again.
    Clock::time_point step() {
        const auto now = Clock::now();
        if (now - m_listed >= list_every) {
            m_listed = now;
            if (!m_keeper.list()) {
                publish();
                return now + retry_every;
            }
        }
        const std::vector<std::string> focus = take_focus();
        if (!focus.empty() && (m_focus_changed || now - m_focus_read >= focus_every)) {
            m_focus_read = now;
            m_keeper.read(focus, GroupReader::Looks::All, m_stop);
            publish(); // what is there now first, what was before after it
            if (m_keeper.recall(focus, recalled_span, m_stop))
                publish();
        }
        const auto pause = focus.empty() ? sweep_every_unseen : sweep_every;
        if (m_next >= m_keeper.groups().size() && now - m_swept >= pause) {
            m_next = 0;
            m_swept = now;
        }
        const bool sweeping = m_next < m_keeper.groups().size();
        if (sweeping)
            sweep_some();
        if (now - m_saved >= save_every) {
            m_saved = now;
            m_keeper.save();
        }
        if (sweeping && m_next < m_keeper.groups().size())
            return Clock::now() + (Clock::now() - now); // as long a rest as it took
        return std::min(focus.empty() ? Clock::time_point::max() : m_focus_read + focus_every,
                        std::min(m_swept + pause, m_listed + list_every));
    }

    std::vector<std::string> take_focus() {
        const std::lock_guard lock(m_shared->mutex);
        m_focus_changed = std::exchange(m_shared->focus_is_new, false);
        std::vector<std::string> known;
        for (const std::string& group : m_shared->focus)
            if (std::binary_search(m_keeper.groups().begin(), m_keeper.groups().end(), group))
                known.push_back(group);
        return known;
    }

    void sweep_some() {
        const std::vector<std::string>& all = m_keeper.groups();
        const std::size_t to = std::min(all.size(), m_next + GroupReader::groups_a_batch);
        m_keeper.read({all.begin() + static_cast<std::ptrdiff_t>(m_next),
                       all.begin() + static_cast<std::ptrdiff_t>(to)},
                      GroupReader::Looks::Needed, m_stop);
        m_next = to;
        publish();
    }

    void publish() { m_shared->newest.set(m_keeper.snapshot()); }

    const std::shared_ptr<Shared> m_shared;
    BacklogKeeper m_keeper;
    const std::stop_token m_stop;
    bool m_focus_changed = false;
    std::size_t m_next = 0; // group that the sweep is at
    Clock::time_point m_listed = Clock::now() - list_every;
    Clock::time_point m_swept = Clock::now();
    Clock::time_point m_focus_read{};
    Clock::time_point m_saved = Clock::now();
};

} // namespace

BacklogWatch::BacklogWatch(std::shared_ptr<kafka::Cluster> cluster, BacklogOptions options)
    : m_shared(std::make_shared<Shared>()) {
    start_worker([shared = m_shared, cluster = std::move(cluster), options = std::move(options)] {
        Round<Shared>(shared, cluster, options).run();
    });
}

BacklogWatch::~BacklogWatch() {
    m_shared->stop.request_stop();
}

std::shared_ptr<const BacklogSnapshot> BacklogWatch::snapshot() const {
    return m_shared->newest.get();
}

void BacklogWatch::set_focus(std::vector<std::string> groups) {
    if (groups.size() > focus_max)
        groups.resize(focus_max);
    {
        const std::lock_guard lock(m_shared->mutex);
        if (groups == m_shared->focus)
            return;
        m_shared->focus = std::move(groups);
        m_shared->focus_is_new = true;
    }
    m_shared->changed.notify_all();
}

} // namespace weir
