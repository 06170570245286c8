#pragma once

#include <atomic>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <system_error>
#include <thread>
#include <tuple>

#include "verify/sha256.h"
#include "verify/text.h"
#include "verify/verify.h"

namespace scr::verify {

inline constexpr std::size_t kPiece = 1U << 18U; ///< of a file, looked at before the next is read

/// What was found, from any thread. The first ones are kept, in the order of path, number and text.
class Findings {
public:
    void add(std::string_view path, std::uint64_t number, const std::string& text)
    {
        const std::lock_guard lock{m_mutex};
        count += first.emplace(std::string{path}, number, text).second ? 1 : 0;
        if (first.size() > 1000)
            first.erase(std::prev(first.end()));
    }

    std::uint64_t count = 0;
    std::set<std::tuple<std::string, std::uint64_t, std::string>> first;

private:
    std::mutex m_mutex;
};

/// A plain file of a pack.
struct File {
    std::string path; ///< in the pack
    std::uint64_t offset = 0, size = 0;
    std::string listed{};   ///< its SHA-256 as the manifests have it, hex; empty: they do not list it
    bool isChecked = false; ///< somebody reads it to its end, and so finds out whether it is that
};

/// The files of a pack, in a folder or in an archive.
class Pack {
public:
    /// Throws std::system_error when there is no such folder or archive, or it cannot be read.
    Pack(const std::string& path, Findings& allFindings, const KeepGoing& keepGoing) :
        findings{allFindings}, m_path{path}, m_isFolder{std::filesystem::is_directory(path)}, m_keepGoing{keepGoing}
    {
        m_isFolder ? listFolder() : listArchive();
        for (const auto& [name, file] : files)
            allBytes += file.size;
    }

    [[nodiscard]] File* find(std::string_view path)
    {
        const auto found = files.find(path);
        return found == files.end() ? nullptr : &found->second;
    }

    /// Reads a file from its beginning on. The first that does so for a listed one holds it against what is listed when it comes
    /// to the end. From any thread, a file in one at a time.
    class Reader {
    public:
        Reader(Pack& pack, File& file) : m_pack{pack}, m_file{file} {}

        /// Puts the next bytes after those; false at the end.
        bool append(std::string& bytes)
        {
            const std::size_t count = std::min<std::uint64_t>(kPiece, m_file.size - m_done);
            bytes.resize(bytes.size() + count);
            const std::string_view piece = std::string_view{bytes}.substr(bytes.size() - count);
            if (count > 0 && !m_input.read(bytes.data() + bytes.size() - count, static_cast<std::streamsize>(count)))
                throw std::system_error{EIO, std::generic_category(), m_file.path}; // it became shorter, or its disk failed
            m_done += count;
            if (m_isChecking && count > 0 && m_pack.m_keepGoing && !m_pack.m_keepGoing(m_pack.m_done += count, m_pack.allBytes))
                throw Stopped{};
            if (m_isChecking)
                m_hash.add(piece);
            if (count == 0 && std::exchange(m_isChecking, false) && hexOf(m_hash.end()) != m_file.listed)
                m_pack.findings.add(m_file.path, 0, "altered");
            return count > 0;
        }

    private:
        Pack& m_pack;
        File& m_file;
        bool m_isChecking = !m_file.listed.empty() && !std::exchange(m_file.isChecked, true);
        std::ifstream m_input = m_pack.open(m_file);
        std::uint64_t m_done = 0;
        Sha256 m_hash;
    };

    /// All bytes; none when they are more than anybody needs: no memory for what can only be wrong. May use that of `bytes`.
    std::string load(File& file, std::uint64_t most = 1U << 30U, std::string bytes = {})
    {
        bytes.clear();
        if (file.size <= most)
            for (Reader reader{*this, file}; reader.append(bytes);) {
            }
        return bytes;
    }

    std::string load(std::string_view path) { return find(path) ? load(*find(path)) : ""; }

    Findings& findings;
    std::map<std::string, File, std::less<>> files;
    std::set<std::string> folders;
    std::uint64_t allBytes = 0;

private:
    [[nodiscard]] std::ifstream open(const File& file) const
    {
        const std::string path = m_isFolder ? m_path + '/' + file.path : m_path;
        std::ifstream input{path, std::ios::binary};
        if (!input)
            throw std::system_error{errno, std::generic_category(), path};
        input.seekg(static_cast<std::streamoff>(file.offset));
        return input;
    }

    void listFolder()
    {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{m_path}) {
            const std::string path = entry.path().lexically_relative(m_path).string();
            const auto type = entry.symlink_status().type();
            if (type == std::filesystem::file_type::directory)
                folders.insert(path);
            else if (type == std::filesystem::file_type::regular)
                files.emplace(path, File{path, 0, entry.file_size()});
            else
                findings.add(path, 0, "not a plain file");
        }
    }

    /// The only header that a member of that path and size, in octal digits, can have: POSIX ustar.
    static std::string headerOf(std::string_view path, std::string_view size)
    {
        const std::pair<std::size_t, std::string_view> fields[]{
            {0, path},          {100, "0000644"}, {108, "0000000"}, {116, "0000000"}, {124, size},     {136, "00000000000"},
            {148, "        0"}, {257, "ustar"},   {263, "00"},      {329, "0000000"}, {337, "0000000"}};
        std::string header(kBlock, '\0');
        for (const auto& [offset, text] : fields)
            header.replace(offset, text.size(), text);
        const auto add = [](unsigned sum, char byte) { return sum + static_cast<unsigned char>(byte); };
        unsigned sum = std::accumulate(header.begin(), header.end(), 0U, add);
        header[154] = '\0';
        for (std::size_t i = 154; i-- > 148; sum /= 8)
            header[i] = static_cast<char>('0' + sum % 8);
        return header;
    }

    void listArchive()
    {
        std::ifstream input = open({});
        const std::uint64_t size = std::filesystem::file_size(m_path);
        const auto bytesAt = [&](std::uint64_t from, std::uint64_t to) {
            std::string bytes(std::min(to, size) - std::min(from, size), '\0');
            input.seekg(static_cast<std::streamoff>(from)).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            return bytes;
        };
        const auto areZeros = [](std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; };
        std::string last;
        for (std::uint64_t offset = 0; offset + 2 * kBlock != size || !areZeros(bytesAt(offset, size));) {
            std::string header = bytesAt(offset, offset + kBlock);
            header.resize(kBlock);
            const std::string digits = header.substr(124, 11);
            File file{header.substr(0, 100).c_str(), offset + kBlock};
            const char* after = std::from_chars(digits.data(), digits.data() + digits.size(), file.size, 8).ptr;
            const bool isMember =
                file.path.starts_with("pack/") && after == digits.data() + digits.size() && headerOf(file.path, digits) == header;
            const std::uint64_t end = file.offset + file.size;
            const std::uint64_t next = (end + kBlock - 1) / kBlock * kBlock;
            file.path.erase(0, 5);
            if (!isMember || file.path <= last || next > size || !areZeros(bytesAt(end, next))) {
                findings.add("pack.tar", 0, "not as a pack's archive is, from byte " + std::to_string(offset) + " on");
                return;
            }
            offset = next;
            last = file.path;
            files.emplace(last, std::move(file));
        }
    }

    static constexpr std::size_t kBlock = 512;
    std::string m_path;
    bool m_isFolder;
    const KeepGoing& m_keepGoing;
    std::atomic<std::uint64_t> m_done = 0;
};

/// Runs the tasks that next() gives, until it gives none, side by side; take() gets what they come to, in their order.
template <class Next, class Take>
void inOrder(Next next, const Take& take)
{
    const std::size_t most = 3 * std::clamp(std::thread::hardware_concurrency(), 1U, 3U) + 1; // else some wait for nothing
    std::deque<decltype(std::async(next()))> running;
    for (auto task = next(); task || !running.empty();) {
        if (task && running.size() < most) {
            running.push_back(std::async(std::launch::async, std::move(task)));
            task = next();
        } else {
            take(running.front().get());
            running.pop_front();
        }
    }
}

} // namespace scr::verify
