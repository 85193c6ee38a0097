previous=$(printf '%064d' 0)
while IFS= read -r line; do
  case $line in
    *"\"previous_sha256\":\"$previous\",\"seq\":"*) ;;
    *) previous="broken: $line"; break ;;
  esac
  previous=$(printf '%s' "$line" | sha256sum | cut -d ' ' -f 1)
done < journal.jsonl
echo "$previous"
