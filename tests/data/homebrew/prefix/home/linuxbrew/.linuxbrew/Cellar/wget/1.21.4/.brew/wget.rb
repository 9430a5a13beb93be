class Wget < Formula
  desc "Internet file retriever"
  homepage "https://www.gnu.org/software/wget/"
  url "https://ftp.gnu.org/gnu/wget/wget-1.21.4.tar.gz"
  sha256 "81542f5cefb8faacc39bbbc6c82ded80e3e4a88505ae72ea51df27525bcde04c"
  license "GPL-3.0-or-later"

  depends_on "openssl@3"

  def install
    system "./configure", "--prefix=#{prefix}"
  end
end
