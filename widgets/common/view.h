// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the frame asks of a view. A view is one folder of widgets/ and one line in
// app/gui/views.cpp; the rail, the palette, the shortcuts, Back and Forward, the settings and
// `weir screenshot` follow from what it answers here.
//
// Thread contract: GUI thread only. Law 1: a view pulls in tick() and chartTick() and blocks never;
// the frame calls them on the view that is on screen, and on that one alone.
#pragma once

#include <QAction>
#include <QJsonObject>
#include <QList>
#include <QWidget>

#include <functional>

#include "widgets/common/icons.h"

namespace weir {

/// A finding of a view, shown at its name in the rail.
struct ViewBadge {
    enum class Kind { None, Warning, Alarm };
    Kind kind = Kind::None;
    int count = 0;
    QString why; // one sentence, for the tooltip and for a screen reader
};

/// Something the command palette can go to that is not a fixed action: a topic, a saved filter.
struct PaletteEntry {
    QString title;
    QString group; // "Topic", "Saved filter"
    std::function<void()> run;
};

class View : public QWidget {
    Q_OBJECT
  public:
    using QWidget::QWidget;

    /// Stable and short: names the view in settings, links and `weir screenshot`. "live"
    virtual QString id() const = 0;
    virtual QString title() const = 0;
    virtual Icon icon() const = 0;
    virtual ViewBadge badge() const { return {}; }

    /// Pulls for tables (20 Hz) and for charts (10 Hz), while the view is on screen.
    virtual void tick() {}
    virtual void chartTick() {}

    /// Where the user is, as far as Back must bring it back: selection, scroll position, tab. Kept
    /// small (under 4 kB). The shared range, zone and filter are the frame's business.
    virtual QJsonObject place() const { return {}; }
    virtual void goTo(const QJsonObject& /*place*/) {}

    /// Personal layout, kept per user between starts: columns, splitters.
    virtual QJsonObject layoutState() const { return {}; }
    virtual void restoreLayout(const QJsonObject& /*state*/) {}

    /// Commands for the palette, with their shortcuts; the same objects every time.
    virtual QList<QAction*> commands() const { return {}; }
    /// Asked when the palette opens; at most some thousand entries.
    virtual QList<PaletteEntry> paletteEntries() const { return {}; }

    /// The user looks for an event by id. True: this view takes it on.
    virtual bool findEvent(const QString& /*id*/) { return false; }
    /// Where the keyboard goes when the view comes up.
    virtual QWidget* firstFocus() { return this; }
    /// False: it has something to show of a workspace of which nothing is observed now.
    virtual bool needsConnection() const { return true; }
    /// False: of this workspace it has nothing to tell, so that the window opens with another one.
    virtual bool opensFirst() const { return true; }
    /// There is something to see; a screenshot waits for it.
    virtual bool hasContent() const { return true; }

  Q_SIGNALS:
    /// The user went somewhere within the view; Back will return to where it was before.
    void moved();
    /// Leads to another view: its id, and where in it.
    void openRequested(const QString& view_id, const QJsonObject& place);
};

} // namespace weir
