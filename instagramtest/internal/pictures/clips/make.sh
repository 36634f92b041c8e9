#!/bin/sh
# Makes the clips of this folder: three seconds of moving colours, for each shape and width of the
# videos in an answer, as {shape}-{width}.mp4. It needs ffmpeg (Debian's has libx264).
set -eu
cd "$(dirname "$0")"
for clip in 1000-480:480x480 1000-640:640x640 1250-480:480x600 1250-640:640x800 523-480:480x250 523-640:640x334; do
  ffmpeg -v error -y -f lavfi -i "gradients=size=${clip#*:}:rate=12:duration=3:speed=0.03:seed=7:nb_colors=4" \
    -c:v libx264 -profile:v baseline -pix_fmt yuv420p -preset veryslow -crf 34 -bitexact \
    -movflags +faststart -an "${clip%:*}.mp4"
done
