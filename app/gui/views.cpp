// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/views.h"

#include "app/gui/backlog_session_source.h"
#include "app/gui/catalogue_session_source.h"
#include "app/gui/invalid_session_source.h"
#include "app/gui/latency_session_source.h"
#include "app/gui/live_session_source.h"
#include "app/gui/overview_session_source.h"
#include "widgets/backlog/backlog_view.h"
#include "widgets/catalogue/catalogue_view.h"
#include "widgets/invalid/invalid_view.h"
#include "widgets/latency/latency_view.h"
#include "widgets/live/live_view.h"
#include "widgets/overview/overview_view.h"

namespace weir {
namespace {

View* make_overview_view(SessionHost& host, ViewContext& context, QWidget* parent) {
    return new OverviewView(std::make_unique<OverviewSessionSource>(host), context, parent);
}

View* make_live(SessionHost& host, ViewContext& context, QWidget* parent) {
    return new LiveView(std::make_unique<LiveSessionSource>(host), context, parent);
}

View* make_latency(SessionHost& host, ViewContext& context, QWidget* parent) {
    return new LatencyView(std::make_unique<LatencySessionSource>(host), context, parent);
}

View* make_backlog(SessionHost& host, ViewContext& context, QWidget* parent) {
    return new BacklogView(std::make_unique<BacklogSessionSource>(host), context, parent);
}

View* make_invalid(SessionHost& host, ViewContext& context, QWidget* parent) {
    return new InvalidView(std::make_unique<InvalidSessionSource>(host), context, parent);
}

View* make_catalogue_view(SessionHost& host, ViewContext& context, QWidget* parent) {
    return new CatalogueView(std::make_unique<CatalogueSessionSource>(host), context, parent);
}

} // namespace

const std::vector<ViewEntry>& view_entries() {
    static const std::vector<ViewEntry> entries{
        {"overview", make_overview_view}, {"live", make_live},
        {"latency", make_latency},        {"backlog", make_backlog},
        {"invalid", make_invalid},        {"catalogue", make_catalogue_view},
    };
    return entries;
}

} // namespace weir
