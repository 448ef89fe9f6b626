// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One event, opened beside the table: tree, raw, hex, headers, and who decoded it.
// Thread contract: GUI thread only; parsing is done by an EventLoader.
#pragma once

#include <QWidget>

#include <memory>

#include "models/live/copied_command.h"
#include "models/live/event_detail.h"
#include "widgets/common/zone_clock.h"

class QAction;
class QTabBar;
class QStackedWidget;
class QTreeView;
class QTableView;
class QMenu;

namespace weir {

class ByteView;
class HeadersModel;
class JsonTreeModel;
class TextLabel;
class ViolationList;

class DetailPane : public QWidget {
    Q_OBJECT
  public:
    explicit DetailPane(QWidget* parent = nullptr);
    ~DetailPane() override;

    enum Tab { Tree, Raw, Hex, Headers, Decoding };

    void setDetail(std::shared_ptr<const EventDetail> detail);
    const std::shared_ptr<const EventDetail>& detail() const { return m_detail; }
    void setLoading();
    void setClock(const ZoneClock& clock);
    /// For the commands that are copied; asked when they are. Without it there are none to copy.
    void setCommandTarget(std::function<CommandTarget(const std::string& connection)> of) {
        m_command_target = std::move(of);
    }
    void setTab(Tab tab);
    QTreeView* tree() const { return m_tree; }
    QTabBar* tabs() const { return m_tabs; }
    ViolationList* violations() const { return m_violations; }
    /// Chooses a member of the event in the tree.
    void showMember(const QString& pointer);
    ByteView* raw() const { return m_raw; }
    ByteView* hex() const { return m_hex; }
    /// What is copied by a menu's entry, by its name: "json", "ndjson", "weir", "kcat", "key".
    QString copyText(const QString& what) const;

  Q_SIGNALS:
    void closeWanted();
    /// A term for the filter: path == value.
    void termWanted(const QString& term);
    void columnWanted(const QString& path);

  private:
    void setUpPages();
    void fillTitle();
    void fillTimes();
    void fillHeaders();
    QString besideRecord(std::int64_t us) const;
    void nameCopies();
    void fillDecoding();
    void expandUsual();
    void showWantedTab();
    void treeMenu(const QPoint& at);
    void copyMenu(QMenu* menu);

    std::shared_ptr<const EventDetail> m_detail;
    ZoneClock m_clock;
    std::function<CommandTarget(const std::string&)> m_command_target;
    TextLabel* m_title;
    TextLabel* m_subtitle;
    TextLabel* m_times;
    TextLabel* m_key;
    TextLabel* m_no_id;
    TextLabel* m_trouble;
    TextLabel* m_masked;
    ViolationList* m_violations;
    QTabBar* m_tabs;
    Tab m_wanted_tab = Tree; // the user's choice
    QStackedWidget* m_pages;
    QTreeView* m_tree;
    JsonTreeModel* m_tree_model;
    TextLabel* m_no_tree;
    QStackedWidget* m_tree_page;
    QWidget* m_tree_and_more;
    ByteView* m_raw;
    ByteView* m_hex;
    QStackedWidget* m_headers_page;
    TextLabel* m_no_headers;
    QTableView* m_headers;
    HeadersModel* m_headers_model;
    TextLabel* m_decoding;
    QAction* m_copy_value = nullptr;
    QAction* m_copy_key = nullptr;
};

} // namespace weir
